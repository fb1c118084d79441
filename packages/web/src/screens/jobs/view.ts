import type { JobFilter, JobPriority, JobStatus } from '../../app/graphql.ts';
import { PRIORITIES } from '../../status/priority.ts';
import { beginOf, endOf, readMoment, SPANS, type SpanKey, spanOf } from '../../time/period.ts';
import { apiMatches, type JsonCondition, readCondition, writeCondition } from './json-match.ts';
import { readSort, type Sort, writeSort } from './sort.ts';

/** The tabs of the list, in order, with the statuses that each of them gathers. */
export const TABS = [
  {
    key: 'all',
    label: 'All',
    statuses: ['CREATED', 'QUEUED', 'RUNNING', 'WAITING', 'PAUSED', 'COMPLETED', 'FAILED', 'CANCELLED'],
  },
  { key: 'running', label: 'Running', statuses: ['RUNNING'] },
  { key: 'queued', label: 'Queued', statuses: ['CREATED', 'QUEUED'] },
  { key: 'waiting', label: 'Waiting', statuses: ['WAITING', 'PAUSED'] },
  { key: 'completed', label: 'Completed', statuses: ['COMPLETED'] },
  { key: 'failed', label: 'Failed', statuses: ['FAILED'] },
  { key: 'cancelled', label: 'Cancelled', statuses: ['CANCELLED'] },
] as const satisfies readonly { key: string; label: string; statuses: readonly JobStatus[] }[];

export type Tab = (typeof TABS)[number]['key'];

/** What the list shows; all of it stands in the URL. */
export interface ListView {
  tab: Tab;
  search: string;
  /** Undefined: the newest first. */
  sort: Sort | undefined;
  /** What the overview goes back to. */
  over: SpanKey;
  workflows: string[];
  priorities: JobPriority[];
  labels: string[];
  /** Exactly this; empty for any. */
  subject: string;
  /** What their inputs and outputs are like; all of it must hold. */
  conditions: JsonCondition[];
  /** Takes the place of `from`. */
  span: SpanKey | undefined;
  /** Days or points in time: see period.ts. */
  from: string | undefined;
  to: string | undefined;
}

export type ListFilters = Omit<ListView, 'tab' | 'search' | 'sort' | 'over'>;

export const NO_FILTERS: ListFilters = {
  workflows: [],
  priorities: [],
  labels: [],
  subject: '',
  conditions: [],
  span: undefined,
  from: undefined,
  to: undefined,
};

/** Reads the view from the URL; what makes no sense there is left out. */
export function readView(params: URLSearchParams): ListView {
  const tab = TABS.find(({ key }) => key === params.get('status'))?.key ?? 'all';
  return {
    tab,
    search: params.get('q') ?? '',
    sort: readSort(params.get('sort')),
    over: spanOf(params.get('over')) ?? '1h',
    workflows: params.getAll('workflow'),
    priorities: PRIORITIES.filter((priority) => params.getAll('priority').includes(priority)),
    labels: params.getAll('label'),
    subject: params.get('subject') ?? '',
    conditions: params.getAll('json').flatMap((text) => readCondition(text) ?? []),
    span: spanOf(params.get('span')),
    from: readMoment(params.get('from')),
    to: readMoment(params.get('to')),
  };
}

/** Writes the view over the parameters that it owns and keeps all others. */
export function writeView(params: URLSearchParams, view: ListView): URLSearchParams {
  const next = new URLSearchParams(params);
  const values: Record<string, readonly string[]> = {
    status: view.tab === 'all' ? [] : [view.tab],
    q: view.search === '' ? [] : [view.search],
    sort: view.sort ? [writeSort(view.sort)] : [],
    over: view.over === '1h' ? [] : [view.over],
    workflow: view.workflows,
    priority: view.priorities,
    label: view.labels,
    subject: view.subject === '' ? [] : [view.subject],
    json: view.conditions.map(writeCondition),
    span: view.span === undefined ? [] : [view.span],
    from: view.from === undefined ? [] : [view.from],
    to: view.to === undefined ? [] : [view.to],
  };
  for (const [name, list] of Object.entries(values)) {
    next.delete(name);
    for (const value of list) next.append(name, value);
  }
  return next;
}

/** The view as the API's filter, without the statuses of its tab. */
export function filterOf(view: Omit<ListView, 'tab' | 'sort' | 'over'>, now: number): JobFilter {
  const span = SPANS.find(({ key }) => key === view.span);
  const after = span ? now - span.ms : view.from === undefined ? undefined : beginOf(view.from);
  const before = view.to === undefined ? undefined : endOf(view.to);
  const input = apiMatches(view.conditions, 'input');
  const output = apiMatches(view.conditions, 'output');
  return {
    ...(view.search.trim() !== '' && { search: view.search.trim() }),
    ...(view.workflows.length > 0 && { workflow: view.workflows }),
    ...(view.priorities.length > 0 && { priority: view.priorities }),
    ...(view.labels.length > 0 && { labels: view.labels }),
    ...(view.subject !== '' && { subject: view.subject }),
    ...(input.length > 0 && { input }),
    ...(output.length > 0 && { output }),
    ...(after !== undefined && { createdAfter: new Date(after).toISOString() }),
    ...(before !== undefined && { createdBefore: new Date(before).toISOString() }),
  };
}

/** The statuses that a tab gathers. */
export function statusesOf(tab: Tab): readonly JobStatus[] {
  return TABS.find(({ key }) => key === tab)?.statuses ?? TABS[0].statuses;
}

/** How many filters are set, for the button that opens them. */
export function countFilters(view: ListFilters): number {
  const range = view.span !== undefined || view.from !== undefined || view.to !== undefined;
  return (
    view.workflows.length +
    view.priorities.length +
    view.labels.length +
    view.conditions.length +
    (view.subject === '' ? 0 : 1) +
    (range ? 1 : 0)
  );
}
