import { expect, test } from 'vitest';
import { ticksOf } from '../src/timeline/time-axis.ts';
import { pan, zoom } from '../src/timeline/time-window.ts';

const WHOLE = { from: 0, to: 100_000 };

test('coming closer keeps the moment under the pointer where it is', () => {
  const near = zoom(WHOLE, 0.5, 80_000, WHOLE);
  expect(near).toEqual({ from: 40_000, to: 90_000 });
  expect((80_000 - near.from) / (near.to - near.from)).toBeCloseTo(0.8);
});

test('nothing beyond the job is shown, however far one goes', () => {
  expect(zoom({ from: 90_000, to: 100_000 }, 1_000, 95_000, WHOLE)).toBe(WHOLE);
  expect(pan({ from: 10_000, to: 20_000 }, -50_000, WHOLE)).toEqual({ from: 0, to: 10_000 });
  expect(pan({ from: 10_000, to: 20_000 }, 500_000, WHOLE)).toEqual({ from: 90_000, to: 100_000 });
});

test.each([
  [{ from: 0, to: 9_000 }, ['0 s', '2 s', '4 s', '6 s', '8 s']],
  [{ from: 0, to: 400 }, ['0 s', '100 ms', '200 ms', '300 ms', '400 ms']],
  [{ from: 60_000, to: 400_000 }, ['1m', '2m', '3m', '4m', '5m', '6m']],
  [{ from: 0, to: 9 * 3_600_000 }, ['0 s', '2h', '4h', '6h', '8h']],
])('the marks of a time axis are round and have room', (shown, texts) => {
  expect(ticksOf(shown, 0, 6).map(({ text }) => text)).toEqual(texts);
});
