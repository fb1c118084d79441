import { expect, test } from 'vitest';
import { formatRate, formatRatio, perDay, roundUp, trendPeriod } from '../src/screens/statistics/figures.ts';

test('a rate that is nearly all is not told as all', () => {
  expect(formatRate(1)).toBe('100%');
  expect(formatRate(0.99999)).toBe('99.9%');
  expect(formatRate(0.5)).toBe('50.0%');
  expect(formatRate(0)).toBe('0%');
  expect(formatRate(null)).toBe('–');
});

test('a number has as many places as tell something', () => {
  expect([1234.5, 12.34, 0.256].map(formatRatio)).toEqual(['1,235', '12', '0.26']);
});

test('the top of an axis is the next round number', () => {
  expect([0, 1, 3, 51, 1_200, 0.03].map(roundUp)).toEqual([1, 1, 5, 100, 2_000, 0.05]);
});

test('what a day costs follows from any period', () => {
  expect(perDay('500', { from: 0, to: 3_600_000 })).toBe(12_000);
});

test('a month is told by days of the reader, each from midnight to midnight', () => {
  const { from, to, buckets } = trendPeriod('30d', new Date(2026, 10, 21, 10, 30).getTime());
  expect(new Date(from)).toEqual(new Date(2026, 9, 23));
  expect(new Date(to)).toEqual(new Date(2026, 10, 22));
  expect(buckets).toBe(30);
});

test('shorter times stand on round times, the present one included', () => {
  const now = Date.parse('2026-11-21T10:31:20Z');
  expect(new Date(trendPeriod('24h', now).to).toISOString()).toBe('2026-11-21T11:00:00.000Z');
});
