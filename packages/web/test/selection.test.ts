import { expect, test } from 'vitest';
import { allToggled, NOTHING, ranged, selectedIn, toggled } from '../src/screens/jobs/selection.ts';

const order = ['e', 'd', 'c', 'b', 'a'];

test('a range goes from what was selected last, in either direction, and adds to what is selected', () => {
  const one = toggled(NOTHING, 'd');
  expect(selectedIn(ranged(one, order, 'b'), order)).toEqual(['d', 'c', 'b']);
  expect(selectedIn(ranged(toggled(one, 'a'), order, 'c'), order)).toEqual(['d', 'c', 'b', 'a']);
});

test('a range without a beginning is the job alone', () => {
  expect(selectedIn(ranged(NOTHING, order, 'b'), order)).toEqual(['b']);
  expect(selectedIn(ranged({ ...NOTHING, anchor: 'gone' }, order, 'b'), order)).toEqual(['b']);
});

test('all that are loaded are selected, and none when they were', () => {
  const all = allToggled(toggled(NOTHING, 'c'), order);
  expect(selectedIn(all, order)).toEqual(order);
  expect(selectedIn(allToggled(all, order), order)).toEqual([]);
});

test('a job that left the list is not selected any more', () => {
  expect(selectedIn(toggled(toggled(NOTHING, 'c'), 'gone'), order)).toEqual(['c']);
});

test('when all that match are selected, a single one taken off is selected instead', () => {
  const matching = { ...NOTHING, matching: true };
  expect(selectedIn(matching, order)).toEqual(order);
  expect(selectedIn(toggled(matching, 'c'), order)).toEqual(['c']);
});
