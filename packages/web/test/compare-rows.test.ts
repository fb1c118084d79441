import { expect, test } from 'vitest';
import { compareUrl, differ, MOST_COMPARED, readIds, rowsOf, stepsByKey } from '../src/screens/compare/rows.ts';

test('the URL names each job once, and no more than can stand side by side', () => {
  const many = Array.from({ length: 9 }, (_, index) => `id${index}`);
  expect(readIds(new URL(compareUrl(['a', 'b', 'a']), 'http://signalbox').searchParams)).toEqual(['a', 'b']);
  expect(readIds(new URLSearchParams(`ids=${many.join()}`))).toHaveLength(MOST_COMPARED);
  expect(readIds(new URLSearchParams())).toEqual([]);
});

test('objects are told part by part, with what only one of them has', () => {
  expect(
    rowsOf([
      { a: 1, deep: { b: [1], c: 2 } },
      { a: 1, deep: { b: [2] }, d: null },
    ]),
  ).toEqual([
    { name: 'a', values: [1, 1], differs: false },
    { name: 'deep.b', values: [[1], [2]], differs: true },
    { name: 'deep.c', values: [2, undefined], differs: true },
    { name: 'd', values: [undefined, null], differs: true },
  ]);
});

test('what is an object in one job and something else in another is told whole', () => {
  expect(rowsOf(['text', { a: 1 }])).toEqual([{ name: '', values: ['text', { a: 1 }], differs: true }]);
  expect(rowsOf([undefined, undefined])).toEqual([]);
});

test('the order of names makes no difference, that of a list does', () => {
  expect(
    differ([
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ]),
  ).toBe(false);
  expect(
    differ([
      [1, 2],
      [2, 1],
    ]),
  ).toBe(true);
});

test('steps stand in the order of the first job, with those behind them that only others have', () => {
  const step = (key: string) => ({ key });
  const rows = stepsByKey([
    [step('a'), step('b')],
    [step('c'), step('b')],
  ]);
  expect(rows.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  expect(rows[0]?.steps).toEqual([{ key: 'a' }, undefined]);
});
