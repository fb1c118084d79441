const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 10_000;
/** Whatever ran this long was well, so the next failure is a first one again. */
const HEALTHY_AFTER_MS = 30_000;

/** How many times in a row a process has failed, now that it ended after running for so long. */
export function countFailure(failuresBefore: number, ranForMs: number): number {
  return ranForMs >= HEALTHY_AFTER_MS ? 1 : failuresBefore + 1;
}

/** Milliseconds to wait before starting a process again that failed so many times in a row: 250 doubling up to 10,000. */
export function restartDelay(failures: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), LONGEST_DELAY_MS);
}
