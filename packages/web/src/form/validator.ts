import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import type { JsonObject } from '../app/graphql.ts';
import { validationMessage } from './validation-message.ts';

/** What a form holds. The form library cannot take the recursive type of JSON. */
export type FormInput = Record<string, unknown>;

/** One thing wrong with an input: where, as property names and indexes, and what. */
export interface InputProblem {
  path: (string | number)[];
  keyword: string;
  message: string;
}

/** These only say that something further down is wrong, which has an error of its own. */
const STRUCTURAL = new Set([
  'properties',
  'patternProperties',
  'items',
  'prefixItems',
  '$ref',
  'allOf',
  'if',
  'dependentSchemas',
]);
/** These let one of several schemas decide: what those say about their own insides only confuses. */
const CHOICES = /\/(anyOf|oneOf|not)\/\d+\//;

/**
 * Checks an input against a JSON Schema by walking it. Nothing is compiled to code, which the page's
 * Content-Security-Policy would not let run.
 */
export function findProblems(schema: Schema, input: unknown): InputProblem[] {
  const problems = new Map<string, InputProblem>();
  for (const error of errorsIn(schema, input)) {
    if (STRUCTURAL.has(error.keyword) || error.keyword === 'false' || CHOICES.test(error.keywordLocation)) continue;
    const problem = problemOf(error, schema);
    problems.set(JSON.stringify([problem.path, problem.message]), problem);
  }
  return [...problems.values()];
}

const HALF_A_CHARACTER: OutputUnit = {
  keyword: '',
  keywordLocation: '',
  instanceLocation: '',
  error: 'has a name with half a character in it, which cannot be stored',
};

function errorsIn(schema: Schema, input: unknown): OutputUnit[] {
  try {
    return new Validator(schema, '2020-12', false).validate(input).errors;
  } catch (error) {
    // The library writes names as URLs have them, and half a character has no such form.
    if (error instanceof URIError) return [HALF_A_CHARACTER];
    throw error;
  }
}

function problemOf({ keyword, keywordLocation, instanceLocation, error }: OutputUnit, schema: Schema): InputProblem {
  const path = parsePointer(decodeURIComponent(instanceLocation));
  const named = /property "(.+?)"|^Property "(.+?)"/.exec(error);
  const property = named?.[1] ?? named?.[2];
  const aboutProperty =
    keyword === 'required' || keyword === 'additionalProperties' || keyword === 'unevaluatedProperties';
  if (aboutProperty && property !== undefined) path.push(property);
  return { path, keyword, message: validationMessage(keyword, schemaAt(schema, keywordLocation), error) };
}

/** The schema that a keyword stands in; empty when it is behind a reference, where the path does not lead. */
function schemaAt(schema: Schema, keywordLocation: string): Schema {
  let now: unknown = schema;
  for (const part of parsePointer(decodeURIComponent(keywordLocation)).slice(0, -1)) {
    if (typeof now !== 'object' || now === null) return {};
    now = Object.entries(now).find(([name]) => name === String(part))?.[1];
  }
  return typeof now === 'object' && now !== null ? now : {};
}

/** The parts of a JSON pointer, with or without the `#` before it; whole numbers become indexes. */
export function parsePointer(pointer: string): (string | number)[] {
  return pointer
    .replace(/^#/, '')
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^(0|[1-9]\d*)$/.test(part) ? Number(part) : part));
}

/** The JSON pointer of a path. */
export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Fields that were emptied are there as undefined; the API never sees those. */
export function withoutGaps(input: FormInput): JsonObject {
  const copy: JsonObject = JSON.parse(JSON.stringify(input));
  return copy;
}
