import { beginOf, endOf, lately, type Period, type SpanKey, spanOf } from '../../time/period.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** The bars that are chosen: the first one, and the one behind the last one. */
export interface Brush {
  first: number;
  end: number;
}

/** When a bar begins, and the one before it ends. */
export function edgeAt({ from, to, buckets }: Period, index: number): number {
  return from + ((to - from) * index) / buckets;
}

/** The bars that a stretch of time covers, at least one; undefined when it is all of them, or none of it can be seen. */
export function brushOf(period: Period, from: number | undefined, to: number | undefined): Brush | undefined {
  const length = (period.to - period.from) / period.buckets;
  const first = from === undefined ? 0 : Math.max(0, Math.floor((from - period.from) / length + 1e-6));
  const end =
    to === undefined ? period.buckets : Math.min(period.buckets, Math.ceil((to - period.from) / length - 1e-6));
  if (first >= period.buckets || end <= 0 || (first === 0 && end === period.buckets)) return undefined;
  return { first, end: Math.max(end, first + 1) };
}

/** From one bar to another, in whichever direction it was drawn. */
export function drawn(one: number, other: number): Brush {
  return { first: Math.min(one, other), end: Math.max(one, other) + 1 };
}

/** One edge moved by so many bars; the other one stays, and a bar always remains between them. */
export function nudged(brush: Brush, edge: keyof Brush, to: number, buckets: number): Brush {
  if (edge === 'first') return { ...brush, first: Math.min(Math.max(0, to), brush.end - 1) };
  return { ...brush, end: Math.max(Math.min(buckets, to), brush.first + 1) };
}

/**
 * The period that the overview shows: the one that was chosen for it, as long as it holds what the list is narrowed
 * to; else just that.
 */
export function overviewOf(
  { from, to, span }: { from: string | undefined; to: string | undefined; span: string | undefined },
  chosen: SpanKey,
  now: number,
): Period {
  const period = lately(spanOf(span) ?? chosen, now);
  if (from === undefined && to === undefined) return period;
  const end = to === undefined ? period.to : endOf(to);
  const begin = from === undefined ? Math.min(period.from, end - DAY) : beginOf(from);
  if (begin >= period.from && end <= period.to) return period;
  return { from: begin, to: Math.max(end, begin + MINUTE), buckets: 60, each: undefined };
}
