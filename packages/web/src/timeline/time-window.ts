/** A stretch of time that a picture shows, in milliseconds. */
export interface TimeWindow {
  from: number;
  to: number;
}

/** Nothing of a job is worth a closer look than this. */
const SHORTEST = 20;

/** The window grown or shrunk around one moment, which stays where it is; never wider than the whole. */
export function zoom(now: TimeWindow, factor: number, around: number, whole: TimeWindow): TimeWindow {
  const length = Math.max(SHORTEST, (now.to - now.from) * factor);
  if (length >= whole.to - whole.from) return whole;
  const share = (around - now.from) / (now.to - now.from);
  return within({ from: around - share * length, to: around + (1 - share) * length }, whole);
}

/** The window moved by some milliseconds, as far as there is something to see. */
export function pan(now: TimeWindow, by: number, whole: TimeWindow): TimeWindow {
  return within({ from: now.from + by, to: now.to + by }, whole);
}

function within({ from, to }: TimeWindow, whole: TimeWindow): TimeWindow {
  if (from < whole.from) return { from: whole.from, to: whole.from + to - from };
  if (to > whole.to) return { from: whole.to - (to - from), to: whole.to };
  return { from, to };
}

/** Where in the window a moment lies, in percent. */
export function percentAt(at: number, { from, to }: TimeWindow): number {
  return (100 * (at - from)) / (to - from);
}
