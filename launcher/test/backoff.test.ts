import { expect, test } from 'vitest';
import { countFailure, restartDelay } from '../src/backoff.ts';

test('the wait before a restart doubles from a quarter of a second up to ten seconds', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 50].map(restartDelay)).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
});

test('failures in a row are counted', () => {
  expect(countFailure(0, 10)).toBe(1);
  expect(countFailure(3, 29_999)).toBe(4);
});

test('a process that ran for half a minute starts again with a clean slate', () => {
  expect(countFailure(7, 30_000)).toBe(1);
});
