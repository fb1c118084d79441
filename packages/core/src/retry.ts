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

/** No service may put a retry off for longer than this. */
const LONGEST_ASKED_DELAY_MS = 3_600_000;

/**
 * How long to wait before a failed step is tried again.
 *
 * @param attempt the number of the attempt that has just failed, from 1
 * @param chance from 0 to 1: how much of the part that `jitter` leaves to chance is taken off the delay
 * @param leastMs what the failure itself asked to wait at least, whatever the policy says; more than an hour counts as one
 * @returns milliseconds until the next try; undefined when there is no next try
 */
export function retryDelay(
  policy: RetryPolicy | undefined,
  attempt: number,
  category: ErrorCategory,
  chance = 0,
  leastMs = 0,
): number | undefined {
  if (!policy || attempt >= policy.attempts || category === 'CANCELLED') return undefined;
  if (!(policy.on ?? PASSING).includes(category)) return undefined;
  const least = Math.ceil(Math.min(Math.max(leastMs, 0), LONGEST_ASKED_DELAY_MS));
  if (policy.delayMs === 0) return least;
  const delay = Math.min(policy.delayMs * policy.factor ** (attempt - 1), policy.maxDelayMs);
  return Math.max(least, Math.round(delay * (1 - (policy.jitter ?? 0) * chance)));
}
