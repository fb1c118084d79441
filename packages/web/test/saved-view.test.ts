import { expect, test } from 'vitest';
import type { JsonObject } from '../src/app/graphql.ts';
import { columnsOf, listToSave, viewOf } from '../src/screens/jobs/saved-view.ts';
import { type ListView, NO_FILTERS } from '../src/screens/jobs/view.ts';

const view: ListView = {
  ...NO_FILTERS,
  tab: 'queued',
  search: 'orders',
  sort: { key: 'duration', ascending: true },
  over: '1h',
  workflows: ['data-pipeline'],
  priorities: ['CRITICAL', 'LOW'],
  labels: ['nightly'],
  subject: 'acme/api',
  conditions: [
    { part: 'input', path: '/depth', kind: 'is', value: '3' },
    { part: 'output', path: '/text', kind: 'contains', value: 'x' },
  ],
  from: '2026-11-20T09:30Z',
  to: '2026-11-21T09:30Z',
};

/** Through the server, which keeps JSON. */
function kept(list: object): { filter: JsonObject; orderBy: JsonObject | null; columns: string[] } {
  return JSON.parse(JSON.stringify(list));
}

test('a list comes back as it was kept', () => {
  const saved = kept(listToSave(view, ['cost', 'status']));
  expect(viewOf(saved, '1h')).toEqual(view);
  expect(columnsOf(saved)).toEqual(['cost', 'status']);
});

test('days stay days, to their last moment', () => {
  const days: ListView = { ...view, from: '2026-11-20', to: '2026-11-21' };
  expect(viewOf(kept(listToSave(days, [])), '1h')).toEqual(days);
});

test('a span is kept as one, so that it is measured from the day on which the list is opened', () => {
  const last: ListView = { ...view, from: undefined, to: undefined, span: '24h' };
  const saved = kept(listToSave(last, ['status']));
  expect(saved.filter).not.toHaveProperty('createdAfter');
  expect(viewOf(saved, '1h')).toEqual(last);
  expect(columnsOf(saved)).toEqual(['status']);
});

test('the list as it is at first is kept as nothing', () => {
  const plain: ListView = { ...NO_FILTERS, tab: 'all', search: '', sort: undefined, over: '1h' };
  expect(listToSave(plain, [])).toEqual({ filter: {}, orderBy: null, columns: [] });
  expect(viewOf(kept(listToSave(plain, [])), '1h')).toEqual(plain);
});

test('what another client has kept is read as far as it is known here', () => {
  const read = viewOf(
    {
      filter: { status: ['RUNNING', 'FAILED'], priority: 'HIGH', more: 1 },
      orderBy: { field: 'COLOUR' },
      columns: ['gone'],
    },
    '7d',
  );
  expect(read).toEqual({ ...NO_FILTERS, tab: 'all', search: '', sort: undefined, over: '7d' });
});
