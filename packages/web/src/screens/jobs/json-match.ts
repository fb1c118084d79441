import type { JobFilter, Json } from '../../app/graphql.ts';

type ApiMatch = NonNullable<NonNullable<JobFilter['input']>[number]>;

/** How a value is asked about, with the word between the place and the value. */
export const MATCH_WORDS = { contains: 'contains', is: 'is', exists: 'is there', missing: 'is not there' } as const;
export type MatchKind = keyof typeof MATCH_WORDS;

/** What the input or the output of a job has to be like at one place. */
export interface JsonCondition {
  part: 'input' | 'output';
  /** A JSON Pointer: `/items/0/price`. */
  path: string;
  kind: MatchKind;
  /** As it was typed; nothing where only the place matters. */
  value: string;
}

/** Reads what `writeCondition` has written; undefined for nonsense. */
export function readCondition(text: string): JsonCondition | undefined {
  const [part, path, kind, value = ''] = text
    .split('~')
    .map((piece) => piece.replaceAll('%7E', '~').replaceAll('%25', '%'));
  if ((part !== 'input' && part !== 'output') || !path?.startsWith('/')) return undefined;
  const known = kindOf(kind);
  return known && { part, path, kind: known, value };
}

export function writeCondition({ part, path, kind, value }: JsonCondition): string {
  return [part, path, kind, ...(needsValue(kind) ? [value] : [])]
    .map((text) => text.replaceAll('%', '%25').replaceAll('~', '%7E'))
    .join('~');
}

export function kindOf(text: string | null | undefined): MatchKind | undefined {
  return text === 'contains' || text === 'is' || text === 'exists' || text === 'missing' ? text : undefined;
}

export function needsValue(kind: MatchKind): boolean {
  return kind === 'contains' || kind === 'is';
}

/** For people: `input /depth is 3`. */
export function describeCondition({ part, path, kind, value }: JsonCondition): string {
  return [part, path, MATCH_WORDS[kind], ...(needsValue(kind) ? [value] : [])].join(' ');
}

/** For the API. What is typed as a value is JSON where it is some, and a text otherwise. */
export function apiMatches(conditions: readonly JsonCondition[], part: JsonCondition['part']): ApiMatch[] {
  return conditions.filter((condition) => condition.part === part).map(apiMatch);
}

function apiMatch({ path, kind, value }: JsonCondition): ApiMatch {
  switch (kind) {
    case 'contains':
      return { path, contains: value };
    case 'is':
      return value.trim() === 'null' ? { path, exists: false } : { path, equals: readTyped(value) };
    case 'exists':
      return { path, exists: true };
    case 'missing':
      return { path, exists: false };
  }
}

function readTyped(typed: string): Json {
  try {
    return JSON.parse(typed);
  } catch {
    return typed;
  }
}

/** Reads conditions out of a filter as the API takes it, such as that of a kept list. */
export function conditionsOf(matches: unknown, part: JsonCondition['part']): JsonCondition[] {
  if (!Array.isArray(matches)) return [];
  return matches.flatMap((match: unknown): JsonCondition[] => {
    if (typeof match !== 'object' || match === null || !('path' in match) || typeof match.path !== 'string') return [];
    const { path } = match;
    if ('contains' in match && typeof match.contains === 'string') {
      return [{ part, path, kind: 'contains', value: match.contains }];
    }
    if ('equals' in match) return [{ part, path, kind: 'is', value: textOf(match.equals) }];
    return 'exists' in match ? [{ part, path, kind: match.exists === true ? 'exists' : 'missing', value: '' }] : [];
  });
}

/** As somebody would have typed it: a text that reads as JSON keeps its quotes. */
function textOf(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return readTyped(value) === value ? value : JSON.stringify(value);
}
