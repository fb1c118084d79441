const BASE = 500;
const LIMIT = 30_000;

/**
 * Milliseconds to wait before a try to connect again: twice as long each time up to half a minute, less a random
 * half, so that the clients of a server that comes back do not all arrive at once.
 *
 * @param retries how many tries have failed before, from 0
 * @param random a number from 0 up to 1
 */
export function backoff(retries: number, random = Math.random()): number {
  const longest = Math.min(LIMIT, BASE * 2 ** Math.min(retries, 16));
  return Math.round(longest * (1 - random / 2));
}
