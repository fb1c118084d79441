import type { JobOrder } from '../../app/graphql.ts';

/** What the list can be ordered by, by the column that shows it. */
export const SORT_FIELDS = {
  created: 'CREATED_AT',
  started: 'STARTED_AT',
  ended: 'COMPLETED_AT',
  duration: 'DURATION',
  priority: 'PRIORITY',
} as const satisfies Record<string, JobOrder['field']>;

export type SortKey = keyof typeof SORT_FIELDS;

export interface Sort {
  key: SortKey;
  ascending: boolean;
}

export function isSortKey(key: string): key is SortKey {
  return Object.hasOwn(SORT_FIELDS, key);
}

/** Reads `duration` (ascending) or `-duration`; undefined for the list's own order, the newest first, and for nonsense. */
export function readSort(text: string | null): Sort | undefined {
  const key = text?.replace(/^-/, '') ?? '';
  if (!isSortKey(key) || text === '-created') return undefined;
  return { key, ascending: !text?.startsWith('-') };
}

export function writeSort({ key, ascending }: Sort): string {
  return `${ascending ? '' : '-'}${key}`;
}

/** What a click on a column's head makes of the order: downwards, upwards, then the list's own again. */
export function nextSort(now: Sort | undefined, key: SortKey): Sort | undefined {
  const here = now ?? { key: 'created', ascending: false };
  if (here.key !== key) return key === 'created' ? undefined : { key, ascending: false };
  return here.ascending ? undefined : { key, ascending: true };
}

export function orderOf(sort: Sort | undefined): JobOrder {
  if (!sort) return { field: 'CREATED_AT', direction: 'DESC' };
  return { field: SORT_FIELDS[sort.key], direction: sort.ascending ? 'ASC' : 'DESC' };
}

/** For `aria-sort` of a column's head. */
export function ariaSort(sort: Sort | undefined, key: string): 'ascending' | 'descending' | undefined {
  const here = sort ?? { key: 'created', ascending: false };
  if (here.key !== key) return undefined;
  return here.ascending ? 'ascending' : 'descending';
}
