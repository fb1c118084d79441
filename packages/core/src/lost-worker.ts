import type { RetryPolicy } from './definition.ts';

/** A job that loses its worker this often in a row is failed instead of being revived for ever. */
export const MAX_LOST_WORKERS = 3;

/**
 * Whether a step that was running when its worker vanished may start again by itself: when its type is safe to repeat,
 * or when its retry allows it (any retry does while tries are left, unless its `on` leaves WORKER_LOST out).
 */
export function repeatsAfterLostWorker(retry: RetryPolicy | undefined, attempt: number, repeatable: boolean): boolean {
  if (repeatable) return true;
  if (!retry || attempt >= retry.attempts) return false;
  return retry.on === undefined || retry.on.includes('WORKER_LOST');
}
