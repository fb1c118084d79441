import { expect, test } from 'vitest';
import type { StepStatus } from '../src/app/graphql.ts';
import { stepRows } from '../src/timeline/step-rows.ts';

const step = (key: string, status: StepStatus = 'COMPLETED') => ({ key, status, itemIndex: null });
const items = (count: number, status: (index: number) => StepStatus) =>
  Array.from({ length: count }, (_, index) => ({ key: `page[${index}]`, status: status(index), itemIndex: index }));
const NONE = new Set<string>();
const keys = (rows: readonly { step: { key: string } }[]) => rows.map((row) => row.step.key);

test('a thousand items take the rows of those that run, wait or failed, and of the selected one', () => {
  const all = [
    step('list'),
    step('page', 'RUNNING'),
    ...items(1_000, (index) => (index % 400 === 1 ? 'FAILED' : 'PENDING')),
    step('join', 'PENDING'),
  ];
  const rows = stepRows(all, NONE, 'page[77]');
  expect(keys(rows)).toEqual(['list', 'page', 'page[1]', 'page[77]', 'page[401]', 'page[801]', 'join']);
  const group = rows[1]?.group;
  expect(group).toMatchObject({ size: 1_000, hidden: 996, open: false });
  expect(group?.counts).toEqual(
    new Map([
      ['PENDING', 997],
      ['FAILED', 3],
    ]),
  );
});

test('however many fail, a folded group stays short', () => {
  const rows = stepRows([step('page'), ...items(500, () => 'FAILED')], NONE, undefined);
  expect(rows).toHaveLength(7);
});

test('an opened group has a row for each item, below its step', () => {
  const rows = stepRows([step('page'), ...items(40, () => 'COMPLETED'), step('join')], new Set(['page']), undefined);
  expect(rows).toHaveLength(42);
  expect(rows[1]).toMatchObject({ step: { key: 'page[0]' }, parent: 'page' });
});

test('a few items are never folded, and plain steps make no group', () => {
  const rows = stepRows([step('list'), step('page'), ...items(3, () => 'COMPLETED')], NONE, undefined);
  expect(keys(rows)).toEqual(['list', 'page', 'page[0]', 'page[1]', 'page[2]']);
  expect(rows[0]?.group).toBeUndefined();
});
