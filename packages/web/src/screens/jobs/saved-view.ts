import type { JobFilter, JobOrder, JobStatus, JsonObject } from '../../app/graphql.ts';
import { PRIORITIES } from '../../status/priority.ts';
import { serverNow } from '../../time/clock.ts';
import { beginOf, endOf, spanOf, toField, writeMoment } from '../../time/period.ts';
import { COLUMNS, type Column } from './columns.ts';
import { conditionsOf } from './json-match.ts';
import { isSortKey, orderOf, SORT_FIELDS, type Sort } from './sort.ts';
import { filterOf, type ListView, NO_FILTERS, statusesOf, TABS } from './view.ts';

/** A list as the server keeps it: what it shows, in its own words, and the names of columns. */
export interface SavedList {
  filter: JsonObject;
  orderBy: JsonObject | null;
  columns: readonly string[];
}

/**
 * A span such as "last hour" is measured from whenever one looks, which the server's filter cannot say. It goes with
 * the columns, whose names are the client's own.
 */
const SPAN = 'last:';

export interface ListToSave {
  filter: JobFilter;
  orderBy: JobOrder | null;
  columns: string[];
}

/** The list as it is shown now, for keeping. */
export function listToSave(view: ListView, columns: readonly Column[]): ListToSave {
  const { tab, sort, over: _over, span, ...others } = view;
  const filter = filterOf({ ...others, span: undefined }, serverNow());
  return {
    filter: tab === 'all' ? filter : { ...filter, status: [...statusesOf(tab)] },
    orderBy: sort ? orderOf(sort) : null,
    columns: [...columns, ...(span === undefined ? [] : [`${SPAN}${span}`])],
  };
}

/** What the list is to show for a kept one; what it says that is not known here is left out. */
export function viewOf({ filter, orderBy, columns }: SavedList, over: ListView['over']): ListView {
  const statuses = textsOf(filter.status);
  return {
    tab: TABS.find((tab) => sameStatuses(tab.statuses, statuses))?.key ?? 'all',
    over,
    sort: sortOf(orderBy),
    ...NO_FILTERS,
    search: typeof filter.search === 'string' ? filter.search : '',
    subject: typeof filter.subject === 'string' ? filter.subject : '',
    workflows: textsOf(filter.workflow),
    priorities: PRIORITIES.filter((priority) => textsOf(filter.priority).includes(priority)),
    labels: textsOf(filter.labels),
    conditions: [...conditionsOf(filter.input, 'input'), ...conditionsOf(filter.output, 'output')],
    span: spanOf(columns.find((name) => name.startsWith(SPAN))?.slice(SPAN.length)),
    from: momentOf(filter.createdAfter, beginOf),
    to: momentOf(filter.createdBefore, endOf),
  };
}

/** Its columns, in their order; none when it was saved without. */
export function columnsOf({ columns }: SavedList): Column[] {
  return columns.flatMap((name) => COLUMNS.find(({ key }) => key === name)?.key ?? []);
}

function sameStatuses(statuses: readonly JobStatus[], names: readonly string[]): boolean {
  return statuses.length === names.length && statuses.every((status) => names.includes(status));
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((part) => typeof part === 'string') : [];
}

/** A day where it is one from its beginning or to its end. */
function momentOf(value: unknown, edgeOf: (day: string) => number): string | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) return undefined;
  const day = toField(at).slice(0, 10);
  return edgeOf(day) === at ? day : writeMoment(at);
}

function sortOf(orderBy: JsonObject | null): Sort | undefined {
  const key = Object.keys(SORT_FIELDS).find((name) => isSortKey(name) && SORT_FIELDS[name] === orderBy?.field);
  if (key === undefined || !isSortKey(key)) return undefined;
  const ascending = orderBy?.direction === 'ASC';
  return key === 'created' && !ascending ? undefined : { key, ascending };
}
