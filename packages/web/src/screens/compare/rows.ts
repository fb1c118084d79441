import type { Json } from '../../app/graphql.ts';

/** As many jobs stand side by side at most. */
export const MOST_COMPARED = 6;

/** The jobs that the URL names, each once. */
export function readIds(params: URLSearchParams): string[] {
  const ids = (params.get('ids') ?? '').split(',').filter((id) => id !== '');
  return [...new Set(ids)].slice(0, MOST_COMPARED);
}

export function compareUrl(ids: readonly string[]): string {
  return `/compare?ids=${ids.join(',')}`;
}

/** One value of each job: undefined where a job has none by that name. */
export interface ValueRow {
  name: string;
  values: readonly (Json | undefined)[];
  differs: boolean;
}

/**
 * Some values by the names of their parts, a row for each: objects are opened so far down, lists and everything else
 * stay whole. A value that has no parts is a row without a name.
 */
export function rowsOf(values: readonly (Json | undefined)[], depth = 2): ValueRow[] {
  const objects = values.filter(isObject);
  const rest = values.filter((value) => value !== undefined && value !== null && !isObject(value));
  if (objects.length === 0 || rest.length > 0 || depth === 0) {
    return values.every((value) => value === undefined || value === null) ? [] : [row('', values)];
  }
  const names = [...new Set(objects.flatMap((object) => Object.keys(object)))];
  return names.flatMap((name) => {
    const parts = values.map((value) => (isObject(value) ? value[name] : undefined));
    const inner = rowsOf(parts, depth - 1);
    if (inner.length === 0) return [row(name, parts)];
    return inner.map((one) => ({ ...one, name: one.name === '' ? name : `${name}.${one.name}` }));
  });
}

function row(name: string, values: readonly (Json | undefined)[]): ValueRow {
  return { name, values, differs: differ(values) };
}

/** Whether not all of them are the same. */
export function differ(values: readonly unknown[]): boolean {
  return new Set(values.map((value) => sorted(value))).size > 1;
}

/** The same text for values that mean the same, whatever the order of their names. */
function sorted(value: unknown): string {
  return (
    JSON.stringify(value, (_name, part: unknown) =>
      typeof part === 'object' && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : part,
    ) ?? 'nothing'
  );
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The steps of several jobs by key, in the order of the first job; those that only others have come behind. */
export function stepsByKey<Step extends { key: string }>(jobs: readonly (readonly Step[])[]) {
  const keys = [...new Set(jobs.flatMap((steps) => steps.map(({ key }) => key)))];
  return keys.map((key) => ({ key, steps: jobs.map((steps) => steps.find((step) => step.key === key)) }));
}
