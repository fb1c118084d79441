import { isScalar, type Node, type Pair, stringify, type YAMLMap } from 'yaml';
import type { Json } from '../app/graphql.ts';

/** A part of a text to be replaced. */
export interface Edit {
  from: number;
  to: number;
  insert: string;
}

/**
 * Changes one field of an object in the text of a workflow and leaves everything else as its author wrote it, comments
 * and spaces too. With undefined it is taken away.
 *
 * @param behind the fields that a new one is put behind, the first of them that is there
 */
export function setField(
  text: string,
  map: YAMLMap,
  name: string,
  value: Json | undefined,
  behind: readonly string[] = [],
): Edit | undefined {
  const pairs = map.items.filter(hasPlace);
  const at = pairs.findIndex(({ key }) => isScalar(key) && key.value === name);
  const pair = pairs[at];
  if (value === undefined) return pair && removePair(text, pairs, at, map.flow === true);
  if (map.flow) return setFlow(text, map, pairs, pair, name, value);
  const indent = columnOf(text, pairs[0]?.key.range[0] ?? map.range?.[0] ?? 0);
  const written = blockText(name, value, indent);
  if (pair) return { from: pair.key.range[0], to: endOf(text, pair), insert: written };
  const anchor = behind.map((known) => pairs.find(({ key }) => isScalar(key) && key.value === known)).find(Boolean);
  const last = anchor ?? pairs.at(-1);
  if (!last) return undefined;
  const end = lineEnd(text, endOf(text, last));
  return { from: end, to: end, insert: `\n${' '.repeat(indent)}${written}` };
}

interface PlacedPair {
  key: Node & { range: [number, number, number] };
  value: Node | null;
}

function hasPlace(pair: Pair): pair is Pair & PlacedPair {
  const { key } = pair;
  return isScalar(key) && key.range != null;
}

/** Where the text of a pair ends, without the line break or the comment behind it. */
function endOf(text: string, { key, value }: PlacedPair): number {
  const end = value?.range?.[1] ?? lineEnd(text, key.range[1]);
  let last = Math.max(end, key.range[1]);
  while (last > 0 && /\s/.test(text[last - 1] ?? '')) last -= 1;
  return last;
}

function setFlow(
  text: string,
  map: YAMLMap,
  pairs: PlacedPair[],
  pair: PlacedPair | undefined,
  name: string,
  value: Json,
): Edit {
  const json = isJson(text);
  const written = json ? JSON.stringify(value) : flowText(value);
  if (pair?.value?.range) return { from: pair.value.range[0], to: pair.value.range[1], insert: written };
  const field = `${json ? JSON.stringify(name) : name}: ${written}`;
  const last = pairs.at(-1);
  if (!last) {
    const start = (map.range?.[0] ?? 0) + 1;
    return { from: start, to: start, insert: ` ${field} ` };
  }
  const end = endOf(text, last);
  return { from: end, to: end, insert: `, ${field}` };
}

function removePair(text: string, pairs: PlacedPair[], at: number, flow: boolean): Edit | undefined {
  const pair = pairs[at];
  if (!pair) return undefined;
  const next = pairs[at + 1];
  // Up to the next one, so that what is left begins where this one did: behind the dash, say.
  if (next) return { from: pair.key.range[0], to: next.key.range[0], insert: '' };
  const before = pairs[at - 1];
  const end = endOf(text, pair);
  if (!before) return { from: pair.key.range[0], to: end, insert: '' };
  const start = endOf(text, before);
  return flow ? { from: start, to: end, insert: '' } : { from: lineEnd(text, start), to: end, insert: '' };
}

/** `name: value` as it stands in a block, its further lines indented. */
export function blockText(name: string, value: Json, indent: number): string {
  const short = Array.isArray(value) && value.every((item) => typeof item !== 'object');
  const written = short ? `${name}: ${flowText(value)}` : stringify({ [name]: value }, { lineWidth: 0 }).trimEnd();
  return written.split('\n').join(`\n${' '.repeat(indent)}`);
}

function flowText(value: Json): string {
  return stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).trim();
}

export function isJson(text: string): boolean {
  return text.trimStart().startsWith('{');
}

export function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

export function columnOf(text: string, at: number): number {
  return at - lineStart(text, at);
}
