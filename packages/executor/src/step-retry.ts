import type { RetryPolicy } from '@signalbox/core/definition';
import { retryDelay } from '@signalbox/core/retry';
import type { FailureRecord } from './step-failure.ts';

/**
 * Milliseconds until a failed step is tried again; undefined when it is not. What the step itself says about its failure
 * overrules the categories that pass by themselves, but not a list that the workflow gives.
 * @param failures attempts that failed so far, this one included
 */
export function nextTry(policy: RetryPolicy | undefined, failures: number, failure: FailureRecord): number | undefined {
  if (!policy || failure.retryable === false) return undefined;
  const on = policy.on ?? (failure.retryable ? [failure.category] : undefined);
  return retryDelay({ ...policy, on }, failures, failure.category, Math.random(), failure.retryAfterMs);
}
