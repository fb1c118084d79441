import { describe, expect, test } from 'vitest';
import { backoff } from '../src/live/backoff.ts';

describe('the wait before a new connection', () => {
  test('doubles with every failure', () => {
    expect([0, 1, 2, 3].map((retries) => backoff(retries, 0))).toEqual([500, 1_000, 2_000, 4_000]);
  });

  test('never passes half a minute, however often it failed', () => {
    expect(backoff(6, 0)).toBe(30_000);
    expect(backoff(10_000, 0)).toBe(30_000);
  });

  test('is shortened by chance, by half at most', () => {
    expect(backoff(3, 0.5)).toBe(3_000);
    expect(backoff(3, 0.999)).toBeGreaterThanOrEqual(2_000);
    for (let i = 0; i < 100; i++) {
      const wait = backoff(2);
      expect(wait).toBeGreaterThan(999);
      expect(wait).toBeLessThanOrEqual(2_000);
    }
  });
});
