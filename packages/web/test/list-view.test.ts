import { describe, expect, test } from 'vitest';
import {
  countFilters,
  filterOf,
  type ListView,
  NO_FILTERS,
  readView,
  statusesOf,
  TABS,
  writeView,
} from '../src/screens/jobs/view.ts';

const view: ListView = {
  tab: 'failed',
  search: 'orders & more',
  sort: { key: 'duration', ascending: false },
  over: '7d',
  workflows: ['data-pipeline', 'release-notes'],
  priorities: ['CRITICAL', 'LOW'],
  labels: ['nightly', 'eu west'],
  subject: 'acme/api',
  conditions: [{ part: 'input', path: '/a~1b', kind: 'is', value: '3' }],
  span: undefined,
  from: '2026-11-01',
  to: '2026-11-21',
};

describe('the URL of the list', () => {
  test('gives back everything that was put into it', () => {
    const written = writeView(new URLSearchParams(), view).toString();
    expect(readView(new URLSearchParams(written))).toEqual(view);
  });

  test('stays bare for the list as it is at first', () => {
    const plain: ListView = { tab: 'all', search: '', sort: undefined, over: '1h', ...NO_FILTERS };
    expect(writeView(new URLSearchParams('status=failed&q=x&span=7d&sort=priority&over=24h'), plain).toString()).toBe(
      '',
    );
  });

  test('keeps the parameters of others', () => {
    const written = writeView(new URLSearchParams('new=data-pipeline&q=old'), { ...view, search: '' });
    expect(written.get('new')).toBe('data-pipeline');
    expect(written.has('q')).toBe(false);
  });

  test('may hold nonsense, which is left out', () => {
    const read = readView(
      new URLSearchParams(
        'status=dancing&sort=-colour&over=never&priority=URGENT&span=forever&from=yesterday&to=2026-13-45',
      ),
    );
    expect(read).toEqual({ tab: 'all', search: '', sort: undefined, over: '1h', ...NO_FILTERS });
  });
});

describe('the filter for the API', () => {
  test('is empty when nothing is set, so that it is the same as none', () => {
    expect(filterOf({ search: '  ', ...NO_FILTERS }, 0)).toEqual({});
  });

  test('measures a span from the moment it is asked at', () => {
    const now = Date.parse('2026-11-21T10:30:00Z');
    expect(filterOf({ search: '', ...NO_FILTERS, span: '24h' }, now)).toEqual({
      createdAfter: '2026-11-20T10:30:00.000Z',
    });
  });

  test('takes both days as a whole', () => {
    const filter = filterOf(view, 0);
    expect(filter).toMatchObject({
      search: 'orders & more',
      workflow: view.workflows,
      priority: view.priorities,
      labels: view.labels,
      subject: 'acme/api',
    });
    expect(filter.createdAfter).toBe(new Date('2026-11-01T00:00:00').toISOString());
    expect(filter.createdBefore).toBe(new Date('2026-11-21T23:59:59.999').toISOString());
  });
});

test('every status is in the first tab and in exactly one of the others', () => {
  const [all, ...others] = TABS;
  const gathered = others.flatMap(({ statuses }) => [...statuses]);
  expect(gathered.toSorted()).toEqual([...all.statuses].toSorted());
  expect(statusesOf('queued')).toEqual(['CREATED', 'QUEUED']);
});

test('a range of days counts as one filter', () => {
  expect(countFilters(view)).toBe(9);
  expect(countFilters(NO_FILTERS)).toBe(0);
});
