import { isMap, isScalar, stringify, visit } from 'yaml';
import type { Json, JsonObject } from '../app/graphql.ts';
import { columnOf, type Edit, isJson, lineEnd, lineStart, setField } from './field.ts';
import { readSource, type Source, type SourceStep, stepList, stepMap } from './read.ts';

type Place = readonly [number, number, number];

export interface NewStep {
  key: string;
  type: string;
  needs: string[];
  with: JsonObject;
}

/** Puts a step behind the others. */
export function addStep(source: Source, step: NewStep): string {
  const { text, document, steps } = source;
  const isNext = step.needs.length === 1 && step.needs[0] === steps.at(-1)?.key;
  const implied = isNext || (steps.length === 0 && step.needs.length === 0);
  const fields: JsonObject = {
    key: step.key,
    type: step.type,
    ...(!implied && { needs: step.needs }),
    with: step.with,
  };
  const list = stepList(document);
  if (!list || list.items.length === 0) {
    const top = isMap(document.contents) ? document.contents : undefined;
    const without = top?.has('steps') ? apply(text, setField(text, top, 'steps', undefined)) : text;
    return `${without.trimEnd()}\n\nsteps:\n${indented(`- ${itemText(fields)}`, 2)}\n`;
  }
  const last = list.items.at(-1);
  const end = isMap(last) ? (last.range?.[1] ?? text.length) : text.length;
  if (list.flow) {
    const written = isJson(text) ? JSON.stringify(fields, null, 2) : stringify(fields, FLOW).trim();
    const at = trimmedEnd(text, end);
    return apply(text, {
      from: at,
      to: at,
      insert: `,\n${indented(written, columnOf(text, last && isMap(last) ? (last.range?.[0] ?? 0) : 0))}`,
    });
  }
  const first = list.items[0];
  const start = first && isMap(first) ? (first.range?.[0] ?? 0) : 0;
  const dash = text.lastIndexOf('-', start);
  const apart = list.items.length > 1 && /\n[ \t]*\n/.test(text.slice(start, end));
  const at = lineEnd(text, trimmedEnd(text, end));
  return apply(text, {
    from: at,
    to: at,
    insert: `${apart ? '\n' : ''}\n${indented(`- ${itemText(fields)}`, columnOf(text, dash))}`,
  });
}

/** Takes a step away; what needed it then needs what it needed. */
export function removeStep(source: Source, key: string): string {
  const gone = source.steps.find((step) => step.key === key);
  const list = stepList(source.document);
  const index = list?.items.findIndex((item) => isMap(item) && item.get('key') === key) ?? -1;
  const item = list?.items[index];
  if (!gone || !list || !isMap(item) || !item.range) return source.text;
  const heirs = source.steps.filter(({ needs }) => needs.includes(key));
  const { text } = source;
  const next = list.items[index + 1];
  const before = list.items[index - 1];
  const nextAt = isMap(next) ? next.range?.[0] : undefined;
  const beforeEnd = isMap(before) && before.range ? trimmedEnd(text, before.range[1]) : undefined;
  const edit = list.flow ? removeFlow(text, item.range, beforeEnd, nextAt) : removeBlock(text, item.range, nextAt);
  let result = apply(text, edit);
  for (const heir of heirs) {
    const needs = [...new Set(heir.needs.flatMap((need) => (need === key ? gone.needs : [need])))];
    result = setNeeds(readSource(result), heir.key, needs) ?? result;
  }
  return result;
}

function removeFlow(text: string, [from, end]: Place, beforeEnd: number | undefined, nextAt: number | undefined): Edit {
  if (nextAt !== undefined) return { from, to: nextAt, insert: '' };
  return { from: beforeEnd ?? from, to: trimmedEnd(text, end), insert: '' };
}

function removeBlock(text: string, [start, end]: Place, nextAt: number | undefined): Edit {
  const from = withComments(text, lineStart(text, start));
  if (nextAt !== undefined) return { from, to: withComments(text, lineStart(text, nextAt)), insert: '' };
  return { from: trimmedEnd(text, from), to: lineEnd(text, trimmedEnd(text, end)), insert: '' };
}

/** Writes what a step needs; left out where that is the step above, as it would be read. */
export function setNeeds(source: Source | undefined, key: string, needs: readonly string[]): string | undefined {
  const map = source && stepMap(source.document, key);
  if (!source || !map) return source?.text;
  const index = source.steps.findIndex((step) => step.key === key);
  const above = source.steps[index - 1]?.key;
  const implied = above === undefined ? needs.length === 0 : needs.length === 1 && needs[0] === above;
  return apply(
    source.text,
    setField(source.text, map, 'needs', implied ? undefined : [...needs], ['type', 'name', 'key']),
  );
}

/** Writes one field of a step, or takes it away. */
export function setStepField(source: Source, key: string, name: string, value: Json | undefined): string {
  const map = stepMap(source.document, key);
  const behind = name === 'name' ? ['key'] : name === 'if' ? ['needs', 'type', 'key'] : [];
  return map ? apply(source.text, setField(source.text, map, name, value, behind)) : source.text;
}

/** Writes one field of what the type of a step reads, or takes it away. */
export function setConfigField(source: Source, key: string, name: string, value: Json | undefined): string {
  const config = stepMap(source.document, key)?.get('with', true);
  if (isMap(config) && config.items.length > 0) return apply(source.text, setField(source.text, config, name, value));
  return value === undefined ? source.text : setStepField(source, key, 'with', { [name]: value });
}

/** Gives a step another key, also where it is needed and where expressions name it. */
export function renameStep(source: Source, key: string, to: string): string {
  const edits: Edit[] = [];
  const named = new RegExp(`\\bsteps\\.${key.replaceAll('-', '\\-')}(?![\\w-])`, 'g');
  const { text } = source;
  visit(source.document, {
    Scalar(place, node, path) {
      if (!node.range || place === 'key' || typeof node.value !== 'string') return;
      const parent = path.at(-1);
      const field = parent && 'key' in parent && isScalar(parent.key) ? parent.key.value : undefined;
      const inNeeds = path.some((part) => 'key' in part && isScalar(part.key) && part.key.value === 'needs');
      const isKey = field === 'key' && node.value === key && isStepKey(source, path);
      const [from, end] = node.range;
      const written = text.slice(from, end);
      if (isKey || (inNeeds && node.value === key)) edits.push({ from, to: end, insert: written.replace(key, to) });
      else if (named.test(written)) edits.push({ from, to: end, insert: written.replace(named, `steps.${to}`) });
      named.lastIndex = 0;
    },
  });
  return edits.sort((one, other) => other.from - one.from).reduce(apply, text);
}

function isStepKey({ document }: Source, path: readonly unknown[]): boolean {
  const list = stepList(document);
  return path.some((part) => part === list) && list?.items.some((item) => item === path.at(-2)) === true;
}

/** A key that no step has yet: the last word of the type, with a number if need be. */
export function freshKey(steps: readonly SourceStep[], type: string): string {
  const word = (type.split('.').at(-1) ?? 'step').replace(/[^\w-]/g, '') || 'step';
  const taken = new Set(steps.map(({ key }) => key));
  let key = word;
  for (let number = 2; taken.has(key); number += 1) key = `${word}${number}`;
  return key;
}

/** Whether a step would wait for itself if it needed the other one. */
export function makesLoop(steps: readonly SourceStep[], step: string, need: string): boolean {
  if (step === need) return true;
  const byKey = new Map(steps.map((each) => [each.key, each]));
  const seen = new Set<string>();
  const ahead = [need];
  for (let key = ahead.pop(); key !== undefined; key = ahead.pop()) {
    if (key === step) return true;
    if (seen.has(key)) continue;
    seen.add(key);
    ahead.push(...(byKey.get(key)?.needs ?? []));
  }
  return false;
}

/** A workflow that is written as `nodes` and `edges`, written as `steps`. */
export function asSteps(source: Source): string {
  const {
    nodes,
    edges: _,
    ...rest
  }: { nodes?: { id: string; type: string; data?: JsonObject }[]; edges?: unknown } = source.document.toJS();
  const steps = source.steps.map(({ key, type, needs }) => ({
    key,
    type,
    needs,
    ...nodes?.find(({ id }) => String(id) === key)?.data,
  }));
  return stringify({ ...rest, steps }, { lineWidth: 0 });
}

const FLOW = { collectionStyle: 'flow', lineWidth: 0 } as const;

function itemText({ needs, ...fields }: JsonObject): string {
  const { with: config, ...head } = fields;
  const lines = [stringify(head, { lineWidth: 0 }).trimEnd()];
  if (needs !== undefined) lines.push(`needs: ${stringify(needs, { ...FLOW, flowCollectionPadding: false }).trim()}`);
  lines.push(stringify({ with: config }, { lineWidth: 0 }).trimEnd());
  return lines.join('\n').split('\n').join('\n  ');
}

function apply(text: string, edit: Edit | undefined): string {
  return edit ? text.slice(0, edit.from) + edit.insert + text.slice(edit.to) : text;
}

function indented(text: string, by: number): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : ' '.repeat(by) + line))
    .join('\n');
}

/** The end without the blank lines and comments of others that a node's range takes in. */
function trimmedEnd(text: string, end: number): number {
  let at = end;
  while (at > 0 && /\s/.test(text[at - 1] ?? '')) at -= 1;
  return at;
}

/** The beginning with the comment lines right above it, which are about it. */
function withComments(text: string, start: number): number {
  let at = start;
  while (at > 0) {
    const above = lineStart(text, at - 1);
    if (!/^\s*#/.test(text.slice(above, at))) return at;
    at = above;
  }
  return at;
}
