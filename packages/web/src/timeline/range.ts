/** When a step ran; times in milliseconds. */
export interface Span {
  startedAt: string | null;
  completedAt: string | null;
}

/** Where a bar begins and how wide it is, in percent of the whole. */
export interface Bar {
  left: number;
  width: number;
}

/** The stretch of time that some steps cover: from the first that began to the last that ended, or to now while one runs. */
export function rangeOf(spans: readonly Span[], now: number): { from: number; to: number } | undefined {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { startedAt, completedAt } of spans) {
    if (startedAt === null) continue;
    from = Math.min(from, Date.parse(startedAt));
    to = Math.max(to, completedAt === null ? now : Date.parse(completedAt));
  }
  if (!Number.isFinite(from)) return undefined;
  return { from, to: Math.max(to, from + 1) };
}

/** A step's place in the range; undefined when it has not begun. Never so narrow that it cannot be seen. */
export function barOf(span: Span, range: { from: number; to: number }, now: number): Bar | undefined {
  if (span.startedAt === null) return undefined;
  const length = range.to - range.from;
  const start = Date.parse(span.startedAt);
  const end = span.completedAt === null ? now : Date.parse(span.completedAt);
  const left = (100 * (start - range.from)) / length;
  const width = Math.max(0.8, (100 * (end - start)) / length);
  return { left: Math.min(left, 99.2), width: Math.min(width, 100 - Math.min(left, 99.2)) };
}
