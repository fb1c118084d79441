import { expect, test } from 'vitest';
import { COLUMNS, FIRST_LAYOUT, fitting, moved, readLayout, tracksOf } from '../src/screens/jobs/columns.ts';

test('what another version kept is read as far as it makes sense', () => {
  const read = readLayout({
    order: ['cost', 'gone', 'status'],
    hidden: ['cost', 'status', 'gone'],
    widths: { cost: 120, job: 'wide', gone: 5 },
  });
  expect(read.order.slice(0, 2)).toEqual(['cost', 'status']);
  expect(read.order.toSorted()).toEqual(COLUMNS.map(({ key }) => key).toSorted());
  // Without its status a row says nothing, so that it is never hidden.
  expect(read.hidden).toEqual(['cost']);
  expect(read.widths).toEqual({ cost: 120 });
  expect(readLayout('nonsense')).toBe(FIRST_LAYOUT);
});

test('a column moves past the next one that is shown, and no further than the edge', () => {
  const visible = (layout: typeof FIRST_LAYOUT) => layout.order.filter((key) => !layout.hidden.includes(key));
  expect(visible(moved(FIRST_LAYOUT, 'job', 1)).slice(0, 4)).toEqual(['status', 'workflow', 'progress', 'job']);
  expect(visible(moved(FIRST_LAYOUT, 'cost', -2)).slice(-3)).toEqual(['cost', 'started', 'duration']);
  expect(moved(FIRST_LAYOUT, 'status', -1)).toBe(FIRST_LAYOUT);
});

test('a width stays between the least that can be read and the most that makes sense', () => {
  expect(fitting('status', 1)).toBe(64);
  expect(fitting('status', 90.4)).toBe(90);
  expect(fitting('status', 1e9)).toBe(900);
});

test('the table is as wide as its columns are at least, and what is left goes somewhere', () => {
  expect(tracksOf(FIRST_LAYOUT).template).toContain('1fr');
  const narrow = tracksOf({ order: ['status', 'progress'], hidden: [], widths: { status: 100, progress: 200 } });
  expect(narrow.template).toBe('20px 26px 100px 200px minmax(32px, 1fr)');
  expect(narrow.least).toBe(20 + 26 + 100 + 200 + 32 + 4 * 10 + 14);
});
