import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { throttle } from '../src/live/throttle.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the first call runs at once and those that follow become one at the end of the interval', () => {
  const runs: number[] = [];
  const call = throttle(() => runs.push(Date.now()), 1_000);
  const begin = Date.now();
  call();
  call();
  call();
  expect(runs).toEqual([begin]);
  vi.advanceTimersByTime(1_000);
  expect(runs).toEqual([begin, begin + 1_000]);
});

test('a call after a quiet interval runs at once again', () => {
  let runs = 0;
  const call = throttle(() => runs++, 1_000);
  call();
  vi.advanceTimersByTime(1_001);
  call();
  expect(runs).toBe(2);
});

test('what is still to come is dropped when it is stopped', () => {
  let runs = 0;
  const call = throttle(() => runs++, 1_000);
  call();
  call();
  call.stop();
  vi.advanceTimersByTime(5_000);
  expect(runs).toBe(1);
});
