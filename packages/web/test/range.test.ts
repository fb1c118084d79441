import { expect, test } from 'vitest';
import { barOf, rangeOf } from '../src/timeline/range.ts';

const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 10, 30, second)).toISOString();
const now = Date.parse(at(50));
const span = (from: number | null, to: number | null) => ({
  startedAt: from === null ? null : at(from),
  completedAt: to === null ? null : at(to),
});

test('the range goes from the first that began to the last that ended, and to now while one runs', () => {
  expect(rangeOf([span(10, 20), span(5, 30), span(null, null)], now)).toEqual({
    from: Date.parse(at(5)),
    to: Date.parse(at(30)),
  });
  expect(rangeOf([span(10, 20), span(20, null)], now)).toEqual({ from: Date.parse(at(10)), to: now });
  expect(rangeOf([span(null, null)], now)).toBeUndefined();
});

test('a bar has its share of the range', () => {
  const range = { from: Date.parse(at(0)), to: Date.parse(at(40)) };
  expect(barOf(span(10, 20), range, now)).toEqual({ left: 25, width: 25 });
  expect(barOf(span(null, null), range, now)).toBeUndefined();
});

test('a bar can always be seen and never leaves the picture', () => {
  const range = { from: Date.parse(at(0)), to: Date.parse(at(40)) };
  const bar = barOf(span(40, 40), range, now);
  expect(bar?.width).toBeGreaterThan(0);
  expect((bar?.left ?? 0) + (bar?.width ?? 0)).toBeLessThanOrEqual(100);
});
