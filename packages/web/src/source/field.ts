import { isScalar, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Json } from '../app/graphql.ts';
import { blockValue, flowValue } from './write.ts';

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
  if (value === undefined) return pair && (map.flow ? removeFlow(text, pairs, at) : removeLines(text, pairs, at));
  if (map.flow) return setFlow(text, map, pairs, pair, name, value);
  const indent = columnOf(text, pairs[0]?.key.range[0] ?? map.range?.[0] ?? 0);
  const anchor = behind.map((known) => pairs.find(({ key }) => isScalar(key) && key.value === known)).find(Boolean);
  const before = pair ?? anchor ?? pairs.at(-1);
  if (!before) return undefined;
  const end = endOf(text, before);
  const written = fieldText(name, value, indent, hasDeeperComment(text, end, indent));
  if (pair) return { from: pair.key.range[0], ...withComment(text, end, written) };
  const line = lineEnd(text, end);
  return { from: line, to: line, insert: `\n${' '.repeat(indent)}${written}` };
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
  return trimmedEnd(text, Math.max(end, key.range[1]));
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
  const written = json ? JSON.stringify(value) : flowValue(value);
  if (pair?.value?.range) return { from: pair.value.range[0], to: pair.value.range[1], insert: written };
  const field = `${json ? JSON.stringify(name) : flowValue(name)}: ${written}`;
  const last = pairs.at(-1);
  if (!last) {
    const start = (map.range?.[0] ?? 0) + 1;
    return { from: start, to: start, insert: ` ${field} ` };
  }
  const end = endOf(text, last);
  return { from: end, to: end, insert: `, ${field}` };
}

/** A comment behind what is replaced stays in its line: behind a block of several lines it would become a part of it. */
function withComment(text: string, end: number, written: string): Omit<Edit, 'from'> {
  const [first = '', ...further] = written.split('\n');
  if (further.length === 0) return { to: end, insert: written };
  const to = lineEnd(text, end);
  return { to, insert: [first + text.slice(end, to), ...further].join('\n') };
}

function removeFlow(text: string, pairs: PlacedPair[], at: number): Edit | undefined {
  const [before, pair, next] = [pairs[at - 1], pairs[at], pairs[at + 1]];
  if (!pair) return undefined;
  if (next) return { from: pair.key.range[0], to: next.key.range[0], insert: '' };
  return { from: before ? endOf(text, before) : pair.key.range[0], to: endOf(text, pair), insert: '' };
}

/** Takes the lines of a field away, with the comments that are about it. */
function removeLines(text: string, pairs: PlacedPair[], at: number): Edit | undefined {
  const [pair, next] = [pairs[at], pairs[at + 1]];
  if (!pair) return undefined;
  const [from] = pair.key.range;
  const end = endOf(text, pair);
  if (pairs.length === 1) return { from, to: end, insert: '{}' };
  const start = lineStart(text, from);
  // The next one begins where this one did, behind the dash.
  if (next && text.slice(start, from).trim() !== '') return { from, to: next.key.range[0], insert: '' };
  const first = withComments(text, start);
  const last = lineEnd(text, end);
  return first > 0 ? { from: first - 1, to: last, insert: '' } : { from: 0, to: last + 1, insert: '' };
}

/** `name: value` as it stands in a block, its further lines indented; lists of plain values and what is to be short on one line. */
function fieldText(name: string, value: Json, indent: number, short: boolean): string {
  const flat = Array.isArray(value) && value.every((item) => typeof item !== 'object');
  if (short || flat) return `${flowValue(name)}: ${flowValue(value)}`;
  return blockValue({ [name]: value }).replaceAll(/\n(?!\n)/g, `\n${' '.repeat(indent)}`);
}

/** Whether a comment follows that a text of several lines would take in as its own. */
function hasDeeperComment(text: string, end: number, indent: number): boolean {
  const next = /\n *(?=[^ \n])/g;
  next.lastIndex = lineEnd(text, end);
  const line = next.exec(text);
  return line !== null && text[next.lastIndex] === '#' && line[0].length - 1 > indent;
}

export function isJson(text: string): boolean {
  return text.trimStart().startsWith('{');
}

export function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** The end without the blanks and empty lines that a node's range takes in. */
export function trimmedEnd(text: string, end: number): number {
  let at = end;
  while (at > 0 && ' \t\r\n'.includes(text.charAt(at - 1))) at -= 1;
  return at;
}

/** The beginning of a line, or of the comment lines right above it, which are about it. */
export function withComments(text: string, start: number): number {
  let at = start;
  while (at > 0) {
    const above = lineStart(text, at - 1);
    if (!/^\s*#/.test(text.slice(above, at))) return at;
    at = above;
  }
  return at;
}

export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

export function columnOf(text: string, at: number): number {
  return at - lineStart(text, at);
}
