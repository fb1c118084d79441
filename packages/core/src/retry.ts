import type { RetryPolicy } from './definition.ts';
import type { ErrorCategory } from './statuses.ts';

/**
 * Failures that can pass by themselves. The others need a person first: another input, another configuration, a
 * permission, more budget. A cancelled step is never tried again.
 */
const PASSING: readonly ErrorCategory[] = [
  'TIMEOUT',
  'RATE_LIMIT',
  'NETWORK',
  'PROCESS',
  'PLUGIN',
  'WORKER_LOST',
  'INTERNAL',
];

/**
 * How long to wait before a failed step is tried again.
 *
 * @param attempt the number of the attempt that has just failed, from 1
 * @param chance from 0 to 1: how much of the part that `jitter` leaves to chance is taken off the delay
 * @returns milliseconds until the next try; undefined when there is no next try
 */
export function retryDelay(
  policy: RetryPolicy | undefined,
  attempt: number,
  category: ErrorCategory,
  chance = 0,
): number | undefined {
  if (!policy || attempt >= policy.attempts || category === 'CANCELLED') return undefined;
  if (!(policy.on ?? PASSING).includes(category)) return undefined;
  if (policy.delayMs === 0) return 0;
  const delay = Math.min(policy.delayMs * policy.factor ** (attempt - 1), policy.maxDelayMs);
  return Math.round(delay * (1 - (policy.jitter ?? 0) * chance));
}
