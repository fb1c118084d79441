import { type Document, isAlias, isMap, isScalar, isSeq, parseDocument, visit, type YAMLMap, type YAMLSeq } from 'yaml';
import type { JsonObject } from '../app/graphql.ts';

/** A step as the text of a workflow has it. */
export interface SourceStep {
  key: string;
  name: string | undefined;
  type: string;
  /** Those that the text names, or the step above where it names none. */
  needs: string[];
  /** False when `needs` is left out. */
  namesNeeds: boolean;
  condition: string | undefined;
  with: JsonObject;
  /** Where it begins in the text. */
  from: number;
}

/** The text of a workflow with what a drawing shows of it. */
export interface Source {
  text: string;
  document: Document.Parsed;
  steps: SourceStep[];
  slug: string | undefined;
  /** What a job's input is to look like. */
  input: JsonObject | undefined;
  /** Whether it is written as `nodes` and `edges`. */
  drawn: boolean;
}

/**
 * Reads what can be read of a text; undefined while it is no YAML, or names an anchor that is not there or that it stands
 * within. What is wrong with it otherwise the server says.
 */
export function readSource(text: string): Source | undefined {
  // While it is typed, odd things stand in it: nothing of that belongs on the console.
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'error' });
  if (document.errors.length > 0 || (document.contents !== null && !isMap(document.contents))) return undefined;
  if (!leads(document) || holdsItself(document)) return undefined;
  const drawn = document.has('nodes');
  const slug = document.get('slug');
  return {
    text,
    document,
    steps: drawn ? nodesOf(document) : stepsOf(document),
    slug: typeof slug === 'string' ? slug : undefined,
    input: objectAt(document, ['input']),
    drawn,
  };
}

/** Whether every alias leads to something, and not to too much. */
function leads(document: Document.Parsed): boolean {
  try {
    document.toJS();
    return true;
  } catch (error) {
    if (error instanceof ReferenceError) return false;
    throw error;
  }
}

/** Whether an alias stands within what it names, which would have no end. */
function holdsItself(document: Document.Parsed): boolean {
  let found = false;
  visit(document, {
    Alias(_place, alias, path) {
      const named = alias.resolve(document);
      found ||= path.some((part) => part === named);
    },
  });
  return found;
}

/** The list of steps in the document, when there is one. */
export function stepList(document: Document.Parsed): YAMLSeq | undefined {
  const list = document.get('steps', true);
  return isSeq(list) ? list : undefined;
}

export function stepMap(document: Document.Parsed, key: string): YAMLMap | undefined {
  return stepList(document)?.items.find((item): item is YAMLMap => isMap(item) && item.get('key') === key);
}

function stepsOf(document: Document.Parsed): SourceStep[] {
  const steps: SourceStep[] = [];
  for (const item of stepList(document)?.items ?? []) {
    if (!isMap(item)) continue;
    const key = item.get('key');
    if (typeof key !== 'string' || key === '') continue;
    const above = steps.at(-1)?.key;
    const needs = listOf(item.get('needs', true));
    steps.push({
      key,
      name: textOf(item.get('name')),
      type: textOf(item.get('type')) ?? '',
      needs: needs ?? (above === undefined ? [] : [above]),
      namesNeeds: needs !== undefined,
      condition: textOf(item.get('if')),
      with: objectIn(document, item.get('with', true)) ?? {},
      from: item.range?.[0] ?? 0,
    });
  }
  return steps;
}

function nodesOf(document: Document.Parsed): SourceStep[] {
  const nodes = document.get('nodes', true);
  const edges = document.get('edges', true);
  const drawn = isSeq(edges) ? edges.items.filter(isMap) : [];
  return (isSeq(nodes) ? nodes.items.filter(isMap) : []).map((node) => {
    const key = textOf(node.get('id')) ?? '';
    const data = objectIn(document, node.get('data', true)) ?? {};
    return {
      key,
      name: textOf(data.name),
      type: textOf(node.get('type')) ?? '',
      needs: drawn.filter((edge) => edge.get('target') === key).flatMap((edge) => textOf(edge.get('source')) ?? []),
      namesNeeds: true,
      condition: textOf(data.if),
      with: isObject(data.with) ? data.with : {},
      from: node.range?.[0] ?? 0,
    };
  });
}

function listOf(node: unknown): string[] | undefined {
  if (!isSeq(node)) return undefined;
  return node.items.flatMap((item) => (isScalar(item) ? (textOf(item.value) ?? []) : []));
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function objectAt(document: Document.Parsed, path: string[]): JsonObject | undefined {
  return objectIn(document, document.getIn(path, true));
}

function objectIn(document: Document.Parsed, written: unknown): JsonObject | undefined {
  const node = isAlias(written) ? written.resolve(document) : written;
  if (!isMap(node)) return undefined;
  const value: unknown = node.toJS(document);
  return isObject(value) ? value : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
