/** What a value within an input or output has to be like. */
import { escapeLike } from './like-pattern.ts';
import { storableJson, storableText } from './storable.ts';

/** Everything given must hold; with the path alone, that there is something other than null. */
export interface JsonMatch {
  /** A JSON pointer. */
  path: string;
  /** A JSON value. */
  equals?: unknown;
  /** Part of the value as text, in any case. */
  contains?: string | null;
  /** False: nothing is there, or null. */
  exists?: boolean | null;
}

/** The keys and indexes that a JSON pointer leads along; undefined when it is none. */
export function readPointer(pointer: string): string[] | undefined {
  if (!/^(\/([^~]|~[01])*)?$/s.test(pointer)) return undefined;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** SQL conditions over a jsonb column of `job`. */
export function jsonConditions(
  column: string,
  { contains, equals, exists, path }: JsonMatch,
  parts: { final: string; unfinished: string },
  bind: (value: unknown) => string,
): string[] {
  const keys = (readPointer(path) ?? []).map(storableText);
  const place = `${bind(keys)}::text[]`;
  const value = `${column} #> ${place}`;
  const all: string[] = [];
  if (equals != null) {
    all.push(`${value} = ${bind(storableJson(equals))}::jsonb`);
    // Only what the index knows of a whole document: which of its places holds the value is told by the condition above.
    if (2 ** keys.filter(mayBeIndex).length <= MOST_DOCUMENTS) {
      const within = documentsWith(keys, equals).map(
        (document) => `(${parts.final} AND ${column} @> ${bind(storableJson(document))}::jsonb)`,
      );
      all.push(`(${[...within, parts.unfinished].join(' OR ')})`);
    }
  }
  if (contains != null && contains !== '') {
    all.push(`${column} #>> ${place} ILIKE ${bind(`%${escapeLike(storableText(contains))}%`)}`);
  }
  const wanted = exists ?? (all.length === 0 ? true : null);
  if (wanted !== null) {
    all.push(`coalesce(${value}, 'null'::jsonb) ${wanted ? '<>' : '='} 'null'::jsonb`);
  }
  return all;
}

const MOST_DOCUMENTS = 4;

const mayBeIndex = (key: string) => /^-?\d+$/.test(key);

/** Documents with the value at the end of the path, twice as many for each number in it, which may be a key or an index. */
function documentsWith(keys: readonly string[], value: unknown): unknown[] {
  const [key, ...rest] = keys;
  if (key === undefined) return [value];
  return documentsWith(rest, value).flatMap((inner) =>
    mayBeIndex(key) ? [{ [key]: inner }, [inner]] : [{ [key]: inner }],
  );
}
