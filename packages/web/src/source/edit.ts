import { isAlias, isCollection, isMap, isNode, isPair, isScalar, visit } from 'yaml';
import type { Json, JsonObject } from '../app/graphql.ts';
import { columnOf, type Edit, isJson, lineEnd, lineStart, setField, trimmedEnd, withComments } from './field.ts';
import { readSource, type Source, type SourceStep, stepList, stepMap } from './read.ts';
import { blockValue, flowValue } from './write.ts';

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
    if (top && (top.flow || top.has('steps'))) return apply(text, setField(text, top, 'steps', [fields]));
    return `${text.trimEnd()}\n\nsteps:\n${indented(`- ${itemText(fields)}`, 2)}\n`;
  }
  const last = list.items.at(-1);
  const end = isMap(last) ? (last.range?.[1] ?? text.length) : text.length;
  if (list.flow) {
    const written = isJson(text) ? JSON.stringify(fields, null, 2) : flowValue(fields);
    const at = trimmedEnd(text, end);
    return apply(text, {
      from: at,
      to: at,
      insert: `,\n${indented(written, columnOf(text, last && isMap(last) ? (last.range?.[0] ?? 0) : 0))}`,
    });
  }
  const first = list.items[0];
  const start = first && isMap(first) ? (first.range?.[0] ?? 0) : 0;
  const dash = dashBefore(text, start);
  const apart = list.items.length > 1 && /\n[ \t]*\n/.test(text.slice(start, end));
  const at = lineEnd(text, trimmedEnd(text, end));
  return apply(text, {
    from: at,
    to: at,
    insert: `${apart ? '\n' : ''}\n${indented(`- ${itemText(fields)}`, columnOf(text, dash))}`,
  });
}

/** Takes a step away; what needed it then needs what it needed. */
export function removeStep(given: Source, key: string): string {
  const source = withoutAliasesInto(given, stepMap(given.document, key));
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

/** What others take from a part that is about to go, written where the first of them takes it. */
function withoutAliasesInto(source: Source, part: unknown): Source {
  if (!isNode(part) || !part.range) return source;
  const [from, , end] = part.range;
  const { document, text } = source;
  const isInside = (at: number) => at >= from && at < end;
  const first = new Map<string, Edit>();
  visit(document, {
    Alias(_place, node, path) {
      const shared = node.resolve(document);
      if (!node.range || !shared?.range || first.has(node.source)) return;
      const [at, to] = node.range;
      if (isInside(at) || !isInside(shared.range[0])) return;
      const anchor = text.lastIndexOf(`&${node.source}`, shared.range[0]);
      const inFlow = path.some((part) => isCollection(part) && part.flow);
      const written = inFlow
        ? `&${node.source} ${flowValue(shared.toJS(document))}`
        : moved(
            text.slice(anchor, trimmedEnd(text, shared.range[1])),
            fieldColumn(text, at) - fieldColumn(text, anchor),
          );
      first.set(node.source, { from: at, to, insert: written });
    },
  });
  if (first.size === 0) return source;
  return readSource([...first.values()].sort((one, other) => other.from - one.from).reduce(apply, text)) ?? source;
}

/** In which column the field begins that stands in this line. */
function fieldColumn(text: string, at: number): number {
  return /^[ -]*/.exec(text.slice(lineStart(text, at), at))?.[0].length ?? 0;
}

/** All lines but the first, further in or out. */
function moved(text: string, by: number): string {
  const lines = text.split('\n');
  return lines
    .map((line, index) => (index === 0 || line.trim() === '' ? line : by < 0 ? line.slice(-by) : ' '.repeat(by) + line))
    .join('\n');
}

/** The dash that an item of a list begins with; it may stand lines above, with comments between. */
function dashBefore(text: string, item: number): number {
  for (let at = lineStart(text, item); at > 0; at = lineStart(text, at - 1)) {
    const dash = /^ *-/.exec(text.slice(at, item));
    if (dash) return at + dash[0].length - 1;
  }
  return item;
}

function removeFlow(text: string, [from, end]: Place, beforeEnd: number | undefined, nextAt: number | undefined): Edit {
  if (nextAt !== undefined) return { from, to: nextAt, insert: '' };
  return { from: beforeEnd ?? from, to: trimmedEnd(text, end), insert: '' };
}

function removeBlock(text: string, [start, end]: Place, nextAt: number | undefined): Edit {
  const from = withComments(text, lineStart(text, dashBefore(text, start)));
  if (nextAt !== undefined)
    return { from, to: withComments(text, lineStart(text, dashBefore(text, nextAt))), insert: '' };
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
export function setStepField(given: Source, key: string, name: string, value: Json | undefined): string {
  const source = withoutAliasesInto(given, stepMap(given.document, key)?.get(name, true));
  const map = stepMap(source.document, key);
  const behind = name === 'name' ? ['key'] : name === 'if' ? ['needs', 'type', 'key'] : [];
  return map ? apply(source.text, setField(source.text, map, name, value, behind)) : source.text;
}

/** Writes one field of what the type of a step reads, or takes it away. */
export function setConfigField(given: Source, key: string, name: string, value: Json | undefined): string {
  const source = withoutAliasesInto(given, stepMap(given.document, key)?.getIn(['with', name], true));
  const config = stepMap(source.document, key)?.get('with', true);
  if (isMap(config) && config.items.length > 0) return apply(source.text, setField(source.text, config, name, value));
  // What another step shares with this one stays as it is there.
  const shared = isAlias(config) ? source.steps.find((step) => step.key === key)?.with : {};
  const { [name]: _, ...others } = shared ?? {};
  if (value !== undefined) return setStepField(source, key, 'with', { ...others, [name]: value });
  return isAlias(config) ? setStepField(source, key, 'with', others) : source.text;
}

/** Gives a step another key, also where it is needed and where expressions name it. */
export function renameStep(source: Source, key: string, to: string): string {
  const edits: Edit[] = [];
  const named = new RegExp(`\\bsteps\\.${key.replaceAll(/[^\w]/g, String.raw`\$&`)}(?![\\w-])`, 'g');
  const { text } = source;
  visit(source.document, {
    Scalar(place, node, path) {
      if (!node.range || place === 'key' || typeof node.value !== 'string') return;
      const field = fieldOfStep(source, path);
      const names = node.value === key && (field?.name === 'needs' || (field?.name === 'key' && field.holds));
      const [from, end] = node.range;
      const written = text.slice(from, end);
      if (names) edits.push({ from, to: end, insert: written.replace(key, to) });
      else if (named.test(written)) edits.push({ from, to: end, insert: written.replace(named, `steps.${to}`) });
      named.lastIndex = 0;
    },
  });
  return edits.sort((one, other) => other.from - one.from).reduce(apply, text);
}

/** The field of a step that a path of nodes goes through, and whether it holds the last one itself. */
function fieldOfStep({ document }: Source, path: readonly unknown[]): { name: unknown; holds: boolean } | undefined {
  const at = path.indexOf(stepList(document)) + 2;
  const pair = path[at];
  if (at < 2 || !isPair(pair) || !isScalar(pair.key)) return undefined;
  return { name: pair.key.value, holds: at === path.length - 1 };
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
  return `${blockValue({ ...rest, steps })}\n`;
}

function itemText({ needs, with: config, ...head }: JsonObject): string {
  const lines = [blockValue(head)];
  if (needs !== undefined) lines.push(`needs: ${flowValue(needs)}`);
  lines.push(blockValue({ with: config ?? {} }));
  return lines.join('\n').replaceAll(/\n(?!\n)/g, '\n  ');
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
