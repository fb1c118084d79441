import { describe, expect, it } from 'vitest';
import type { RetryPolicy } from '../src/definition.ts';
import { MAX_LOST_WORKERS, repeatsAfterLostWorker } from '../src/lost-worker.ts';
import { retryDelay } from '../src/retry.ts';
import { ERROR_CATEGORIES } from '../src/statuses.ts';

const policy: RetryPolicy = { attempts: 4, delayMs: 1_000, factor: 2, maxDelayMs: 3_000 };

describe('retryDelay', () => {
  it('never tries a step again that has no policy', () => {
    expect(retryDelay(undefined, 1, 'NETWORK')).toBeUndefined();
  });

  it.each([
    [1, 1_000],
    [2, 2_000],
    [3, 3_000],
    [4, undefined],
    [5, undefined],
  ])('waits longer after each attempt, up to the longest delay (attempt %d: %s ms)', (attempt, delay) => {
    expect(retryDelay(policy, attempt, 'NETWORK')).toBe(delay);
  });

  const passing = ['TIMEOUT', 'RATE_LIMIT', 'NETWORK', 'PROCESS', 'PLUGIN', 'WORKER_LOST', 'INTERNAL'];
  it.each(ERROR_CATEGORIES)('tries %s again by default only when it can pass by itself', (category) => {
    expect(retryDelay(policy, 1, category)).toBe(passing.includes(category) ? 1_000 : undefined);
  });

  it('tries just the categories that the policy names', () => {
    const on: RetryPolicy = { ...policy, on: ['AUTH'] };
    expect(retryDelay(on, 1, 'AUTH')).toBe(1_000);
    expect(retryDelay(on, 1, 'NETWORK')).toBeUndefined();
  });

  it('never tries a cancelled step again, even when the policy says so', () => {
    expect(retryDelay({ ...policy, on: ['CANCELLED'] }, 1, 'CANCELLED')).toBeUndefined();
  });

  it('leaves the part of the delay to chance that the jitter names', () => {
    const jittery: RetryPolicy = { ...policy, jitter: 0.5 };
    expect([0, 0.5, 1].map((chance) => retryDelay(jittery, 1, 'NETWORK', chance))).toEqual([1_000, 750, 500]);
    expect(retryDelay({ ...policy, jitter: 1 }, 9, 'NETWORK', 1)).toBeUndefined();
    expect(retryDelay(policy, 1, 'NETWORK', 1)).toBe(1_000);
  });

  it('waits at least as long as the failure itself asks, and never more than an hour for that', () => {
    expect(retryDelay(policy, 1, 'RATE_LIMIT', 0, 7_000)).toBe(7_000);
    expect(retryDelay(policy, 3, 'RATE_LIMIT', 0, 7)).toBe(3_000);
    expect(retryDelay({ ...policy, delayMs: 0 }, 1, 'RATE_LIMIT', 0, 500)).toBe(500);
    expect(retryDelay(policy, 1, 'RATE_LIMIT', 0, 1e12)).toBe(3_600_000);
    expect(retryDelay(policy, 4, 'RATE_LIMIT', 0, 7_000)).toBeUndefined();
  });

  it('stays finite with a large factor and many attempts', () => {
    const steep: RetryPolicy = { attempts: 10_000, delayMs: 1, factor: 100, maxDelayMs: 60_000 };
    expect(retryDelay(steep, 9_999, 'NETWORK')).toBe(60_000);
    expect(retryDelay({ ...steep, delayMs: 0 }, 9_999, 'NETWORK')).toBe(0);
  });
});

describe('repeatsAfterLostWorker', () => {
  it.each([
    { name: 'a repeatable type', retry: undefined, attempt: 9, repeatable: true, repeats: true },
    { name: 'no retry', retry: undefined, attempt: 1, repeatable: false, repeats: false },
    { name: 'a retry with tries left', retry: policy, attempt: 3, repeatable: false, repeats: true },
    { name: 'a retry with no tries left', retry: policy, attempt: 4, repeatable: false, repeats: false },
    {
      name: 'a retry for others',
      retry: { ...policy, on: ['NETWORK' as const] },
      attempt: 1,
      repeatable: false,
      repeats: false,
    },
    {
      name: 'a retry for it',
      retry: { ...policy, on: ['WORKER_LOST' as const] },
      attempt: 1,
      repeatable: false,
      repeats: true,
    },
  ])('answers $repeats for $name', ({ retry, attempt, repeatable, repeats }) => {
    expect(repeatsAfterLostWorker(retry, attempt, repeatable)).toBe(repeats);
  });

  it('has a bound on workers lost in a row', () => {
    expect(MAX_LOST_WORKERS).toBe(3);
  });
});
