import type { JobFilter, JobPriority, JobStatus } from '../../app/graphql.ts';
import { PRIORITIES } from '../../status/priority.ts';
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

/** How far back the list goes, for the filter's menu. */
export const SPANS = [
  { key: '1h', label: 'Last hour', ms: 3_600_000 },
  { key: '24h', label: 'Last 24 hours', ms: 86_400_000 },
  { key: '7d', label: 'Last 7 days', ms: 604_800_000 },
  { key: '30d', label: 'Last 30 days', ms: 2_592_000_000 },
] as const;

/** What the list shows; all of it stands in the URL. */
export interface ListView {
  tab: Tab;
  search: string;
  /** Undefined: the newest first. */
  sort: Sort | undefined;
  workflows: string[];
  priorities: JobPriority[];
  labels: string[];
  /** One of SPANS; takes the place of `from`. */
  span: string | undefined;
  /** Days as `2026-11-21`, both included, in the reader's zone. */
  from: string | undefined;
  to: string | undefined;
}

export type ListFilters = Omit<ListView, 'tab' | 'search' | 'sort'>;

export const NO_FILTERS: ListFilters = {
  workflows: [],
  priorities: [],
  labels: [],
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
    workflows: params.getAll('workflow'),
    priorities: PRIORITIES.filter((priority) => params.getAll('priority').includes(priority)),
    labels: params.getAll('label'),
    span: SPANS.find(({ key }) => key === params.get('span'))?.key,
    from: dayOf(params.get('from')),
    to: dayOf(params.get('to')),
  };
}

/** Writes the view over the parameters that it owns and keeps all others. */
export function writeView(params: URLSearchParams, view: ListView): URLSearchParams {
  const next = new URLSearchParams(params);
  const values: Record<string, readonly string[]> = {
    status: view.tab === 'all' ? [] : [view.tab],
    q: view.search === '' ? [] : [view.search],
    sort: view.sort ? [writeSort(view.sort)] : [],
    workflow: view.workflows,
    priority: view.priorities,
    label: view.labels,
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
export function filterOf(view: Omit<ListView, 'tab' | 'sort'>, now: number): JobFilter {
  const span = SPANS.find(({ key }) => key === view.span);
  const after = span
    ? new Date(now - span.ms)
    : view.from === undefined
      ? undefined
      : new Date(`${view.from}T00:00:00`);
  const before = view.to === undefined ? undefined : new Date(`${view.to}T23:59:59.999`);
  return {
    ...(view.search.trim() !== '' && { search: view.search.trim() }),
    ...(view.workflows.length > 0 && { workflow: view.workflows }),
    ...(view.priorities.length > 0 && { priority: view.priorities }),
    ...(view.labels.length > 0 && { labels: view.labels }),
    ...(after && { createdAfter: after.toISOString() }),
    ...(before && { createdBefore: before.toISOString() }),
  };
}

/** The statuses that a tab gathers. */
export function statusesOf(tab: Tab): readonly JobStatus[] {
  return TABS.find(({ key }) => key === tab)?.statuses ?? TABS[0].statuses;
}

/** How many filters are set, for the button that opens them. */
export function countFilters(view: ListFilters): number {
  const range = view.span !== undefined || view.from !== undefined || view.to !== undefined;
  return view.workflows.length + view.priorities.length + view.labels.length + (range ? 1 : 0);
}

function dayOf(value: string | null): string | undefined {
  return value !== null && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined;
}
