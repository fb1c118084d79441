/** GraphQL's Int ends here: 24 days, 20 hours and some. */
const MOST = 2 ** 31 - 1;

export const durationNote = 'Stays at 2147483647 (almost 25 days) when it is longer.';

/** Milliseconds between two moments, up to now when the second is not there yet. */
export function durationMs({
  startedAt,
  completedAt,
}: {
  startedAt: Date | null;
  completedAt: Date | null;
}): number | null {
  if (!startedAt) return null;
  const elapsed = (completedAt?.getTime() ?? Date.now()) - startedAt.getTime();
  return Math.min(Math.max(0, elapsed), MOST);
}
