/** Milliseconds to wait before try number `failures` (from 0): doubling from 100 ms to 5 s, with jitter so that many do not come at once. */
export function backoffDelay(failures: number): number {
  const full = Math.min(5_000, 100 * 2 ** Math.min(failures, 10));
  return full / 2 + Math.random() * (full / 2);
}
