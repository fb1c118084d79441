import type { Json, JsonObject } from '../app/graphql.ts';
import { readSource, type SourceStep } from './read.ts';

/** What the editor knows of a step type. */
export interface KnownStepType {
  type: string;
  title: string;
  description: string;
  configSchema: JsonObject;
  outputSchema: JsonObject | null;
}

export interface Suggestion {
  label: string;
  detail?: string;
  info?: string;
  /** What is written in its place. */
  apply?: string;
}

export interface Suggestions {
  /** From where on the text is replaced. */
  from: number;
  options: Suggestion[];
}

const TOP: Record<string, string> = {
  slug: 'Its name in addresses',
  name: 'Its name for people',
  description: 'What it is for',
  input: "JSON Schema of a job's input",
  steps: 'What is done',
  output: "The job's output",
  timeout: 'How long workers may hold a job in all',
  priority: 'LOW, MEDIUM, HIGH or CRITICAL',
  queue: 'Only workers of this queue take its jobs',
  concurrency: 'How many jobs with the same key run at a time',
  budget: 'What models may cost',
};
const STEP: Record<string, string> = {
  key: 'Its name in the workflow',
  name: 'Its name for people',
  type: 'What it does',
  needs: 'What has to be settled first; the step above when absent',
  with: 'What the step type reads',
  if: 'False skips it',
  forEach: 'One step for each item of a list',
  maxParallel: 'So many items at a time',
  timeout: 'Of one try',
  retry: 'When it is tried again',
  continueOnError: 'The job goes on as if it had not failed',
  budget: 'What models may cost in it',
};
const CLOSED: Record<string, readonly string[]> = {
  priority: ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'],
  continueOnError: ['true', 'false'],
  onConflict: ['queue', 'cancel-oldest', 'refuse'],
};
const JOB = ['id', 'workflow', 'version', 'subject', 'labels'];
const FUNCTIONS = ['failed()', 'succeeded()', 'always()', 'json()', 'size()', 'has()'];

/** What can be written at a place of a workflow's text. */
export function suggestAt(text: string, at: number, types: readonly KnownStepType[]): Suggestions | undefined {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const line = text.slice(start, at);
  const expression = /\$\{\{([^}]*)$/.exec(line)?.[1] ?? /^\s*(?:- )?if:\s*(.*)$/.exec(line)?.[1];
  if (expression !== undefined && !/^["']?$/.test(expression.trim() === '' ? '' : expression.trim())) {
    return inExpression(text, at, expression, types);
  }
  if (expression !== undefined) return inExpression(text, at, '', types);
  const path = pathOf(text, start, line);
  const needs = /\bneeds:\s*\[[^\]]*$/.test(line);
  if (needs)
    return of(
      at,
      /[\w-]*$/,
      line,
      stepsNear(text, at).map(({ key, name }) => ({ label: key, detail: name })),
    );
  const value = /^\s*(?:- )?([\w$-]+):\s*([^\s]*)$/.exec(line);
  const step = path[0] === 'steps' ? stepAround(text, start) : undefined;
  if (value) return valuesOf(value[1] ?? '', path, step, at, value[2] ?? '', types);
  if (!/^\s*(?:- )?[\w$-]*$/.test(line)) return undefined;
  return of(at, /[\w$-]*$/, line, keysAt(path, step, types));
}

function keysAt(path: readonly string[], step: JsonObject | undefined, types: readonly KnownStepType[]): Suggestion[] {
  if (path.length === 0) return keys(TOP);
  if (path[0] !== 'steps') return [];
  if (path.length === 1) return keys(STEP);
  if (path[1] !== 'with') return [];
  const schema = types.find(({ type }) => type === step?.type)?.configSchema;
  return properties(path.slice(2).reduce<JsonObject | undefined>((now, name) => child(now, name), schema)).map(
    ([name, field]) => ({
      label: name,
      detail: wordOf(field.title ?? field.type),
      info: typeof field.description === 'string' ? field.description : undefined,
      apply: `${name}: `,
    }),
  );
}

function valuesOf(
  name: string,
  path: readonly string[],
  step: JsonObject | undefined,
  at: number,
  written: string,
  types: readonly KnownStepType[],
): Suggestions | undefined {
  const from = at - written.length;
  if (name === 'type' && path[0] === 'steps' && path.length === 1) {
    return {
      from,
      options: types.map(({ type, title, description }) => ({ label: type, detail: title, info: description })),
    };
  }
  const config = path[1] === 'with' ? types.find(({ type }) => type === step?.type)?.configSchema : undefined;
  const field = [...path.slice(2), name].reduce<JsonObject | undefined>((now, part) => child(now, part), config);
  const closed = Array.isArray(field?.enum)
    ? field.enum.map((each) => JSON.stringify(each).replace(/^"|"$/g, ''))
    : field?.type === 'boolean'
      ? ['true', 'false']
      : CLOSED[name];
  if (!closed) return undefined;
  return { from, options: closed.map((label) => ({ label })) };
}

function inExpression(
  text: string,
  at: number,
  expression: string,
  types: readonly KnownStepType[],
): Suggestions | undefined {
  const chain = /[\w.-]*$/.exec(expression)?.[0] ?? '';
  const parts = chain.split('.');
  const word = parts.pop() ?? '';
  const from = at - word.length;
  const source = readSource(closedText(text, at));
  const steps = source?.steps ?? stepsNear(text, at);
  const [root, first, second] = parts;
  if (root === undefined) {
    const roots = ['input', 'steps', 'job', 'secrets', 'item', 'index'].map((label) => ({ label }));
    return { from, options: [...roots, ...FUNCTIONS.map((label) => ({ label, detail: 'function' }))] };
  }
  if (root === 'input' && parts.length === 1) {
    return {
      from,
      options: properties(source?.input).map(([label, field]) => ({ label, detail: wordOf(field.type) })),
    };
  }
  if (root === 'job' && parts.length === 1) return { from, options: JOB.map((label) => ({ label })) };
  if (root !== 'steps') return undefined;
  if (first === undefined) return { from, options: steps.map(({ key, name }) => ({ label: key, detail: name })) };
  if (second === undefined) return { from, options: ['output', 'status', 'error'].map((label) => ({ label })) };
  if (second !== 'output' || parts.length > 3) return undefined;
  const type = steps.find(({ key }) => key === first)?.type;
  const schema = types.find((known) => known.type === type)?.outputSchema ?? undefined;
  return { from, options: properties(schema).map(([label, field]) => ({ label, detail: wordOf(field.type) })) };
}

/** The names above a line, from the outermost: `['steps', 'with']`. Items of lists have none. */
function pathOf(text: string, start: number, line: string): string[] {
  const dash = /^(\s*)- /.exec(line);
  let indent = dash ? (dash[1]?.length ?? 0) + 2 : (/^\s*/.exec(line)?.[0].length ?? 0);
  const path: string[] = [];
  for (const above of text
    .slice(0, Math.max(0, start - 1))
    .split('\n')
    .reverse()) {
    if (indent === 0) break;
    const found = /^(\s*)(- )?([\w$-]+):\s*(?:[|>#].*)?$/.exec(above);
    const column = (/^\s*/.exec(above)?.[0].length ?? 0) + (/^\s*- /.test(above) ? 2 : 0);
    if (above.trim() === '' || column >= indent) continue;
    if (found) path.unshift(found[3] ?? '');
    indent = found?.[2] ? column - 2 : column;
    if (found?.[2]) indent = column;
  }
  return path;
}

/** What a step says of itself so far: the lines of its item that name a type. */
function stepAround(text: string, start: number): JsonObject | undefined {
  const before = text.slice(0, start).split('\n');
  const after = text.slice(start).split('\n');
  const isItem = (line: string) => /^\s*- (?:key|name|type|with):/.test(line) || /^\s*- \{?\s*key:/.test(line);
  const top = before.findLastIndex(isItem);
  const below = after.slice(1).findIndex(isItem);
  const lines = isItem(after[0] ?? '') ? [] : before.slice(Math.max(0, top));
  const mine = [...lines, ...after.slice(0, below === -1 ? undefined : below + 1)].join('\n');
  const type = /\btype:\s*([\w.-]+)/.exec(mine)?.[1];
  return type === undefined ? undefined : { type };
}

/** Steps of a text that cannot be read as a whole. */
function stepsNear(text: string, at: number): Pick<SourceStep, 'key' | 'name' | 'type'>[] {
  return [
    ...text.slice(0, at).matchAll(/^\s*- (?:\{ )?key:\s*([\w-]+)([\s\S]*?)(?=^\s*- (?:\{ )?key:|$(?![\s\S]))/gm),
  ].map(([, key = '', rest = '']) => ({
    key,
    name: /^\s*name:\s*(.+)$/m.exec(rest)?.[1],
    type: /\btype:\s*([\w.-]+)/.exec(rest)?.[1] ?? '',
  }));
}

/** The text with the expression that is being written closed, so that it can be read. */
function closedText(text: string, at: number): string {
  const end = text.indexOf('\n', at);
  const rest = text.slice(at, end === -1 ? undefined : end);
  return rest.includes('}}') ? text : `${text.slice(0, at)} }}${text.slice(at)}`;
}

function of(at: number, word: RegExp, line: string, options: Suggestion[]): Suggestions | undefined {
  const written = word.exec(line)?.[0] ?? '';
  return options.length > 0 ? { from: at - written.length, options } : undefined;
}

function keys(known: Record<string, string>): Suggestion[] {
  return Object.entries(known).map(([label, detail]) => ({ label, detail, apply: `${label}: ` }));
}

function properties(schema: JsonObject | undefined): [string, JsonObject][] {
  const found = schema?.properties;
  if (!isObject(found)) return [];
  return Object.entries(found).map(([name, field]) => [name, isObject(field) ? field : {}]);
}

function child(schema: JsonObject | undefined, name: string): JsonObject | undefined {
  return properties(schema).find(([known]) => known === name)?.[1];
}

/** What stands beside a name: its type, or types. */
function wordOf(value: Json | undefined): string | undefined {
  if (Array.isArray(value)) return value.filter((each) => typeof each === 'string').join(', ');
  return typeof value === 'string' ? value : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
