/**
 * JSON Schema 2020-12 by ajv, made safe for schemas and values from strangers: patterns run in linear time, references
 * are counted (a small schema can ask for 2^40 checks), and nothing outside the schema is ever fetched.
 */

import type { CodeKeywordDefinition, ErrorObject, FuncKeywordDefinition, Options } from 'ajv/dist/2020.js';
import { _, Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import type { JsonObject, ObjectSchema } from './json.ts';
import { linearPattern, PatternError } from './patterns.ts';

/** A schema that cannot be used, or that asks for too much work. The message is for people. */
export class SchemaError extends Error {
  override name = 'SchemaError';
}

const MOST_REFERENCES = 200_000;
let referencesLeft = 0;

/** Signs of texts times instructions of patterns: about a second. */
const MOST_MATCHING = 100_000_000;
let matchingLeft = 0;

function followReference(): void {
  referencesLeft -= 1;
  if (referencesLeft < 0) throw new SchemaError('The schema asks for too many checks: its $refs repeat each other.');
}

/** Replaces a keyword by one that is counted each time a value is checked against it. */
function countKeyword(ajv: Ajv2020, name: '$ref' | '$dynamicRef'): void {
  const keyword = ajv.getKeyword(name);
  if (typeof keyword !== 'object' || !('code' in keyword)) throw new Error(`ajv has no keyword ${name}.`);
  const counted: CodeKeywordDefinition = {
    ...keyword,
    code(context, ruleType) {
      const follow = context.gen.scopeValue('func', { ref: followReference });
      context.gen.code(_`${follow}()`);
      keyword.code(context, ruleType);
    },
  };
  ajv.removeKeyword(name).addKeyword(counted);
}

function countedPattern(source: string): { test(text: string): boolean; toString(): string } {
  const pattern = linearPattern(source);
  return {
    test(text) {
      matchingLeft -= text.length * pattern.size;
      if (matchingLeft < 0)
        throw new SchemaError('The patterns of the schema are too costly for a value of this size.');
      return pattern.test(text);
    },
    // By this Ajv tells the patterns of a schema from each other.
    toString: () => source,
  };
}

/** In time that grows with the list; the library compares every item with every other one. */
const uniqueItems: FuncKeywordDefinition = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  errors: false,
  error: { message: 'must not have the same item twice' },
  validate: (unique: boolean, items: unknown[]) => !unique || new Set(items.map(canonical)).size === items.length,
};

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`);
  return `{${entries.sort().join(',')}}`;
}

/** The formats of the specification whose checks are linear. Others are notes for people, as the specification allows. */
const FORMATS = [
  'date',
  'time',
  'date-time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uri',
  'uri-reference',
  'uri-template',
  'uuid',
  'json-pointer',
  'relative-json-pointer',
] as const;

function isPattern(text: string): boolean {
  try {
    linearPattern(text);
    return true;
  } catch (error) {
    if (error instanceof PatternError) return false;
    throw error;
  }
}

function createAjv(options: Options): Ajv2020 {
  const regExp = Object.assign(countedPattern, { code: 'countedPattern' });
  const ajv = new Ajv2020({
    strict: false,
    verbose: true,
    ownProperties: true,
    // Large ones stay apart: a schema that refers to one a thousand times would be compiled a thousand times.
    inlineRefs: 20,
    logger: false,
    code: { regExp },
    formats: { ...Object.fromEntries(FORMATS.map((name) => [name, fullFormats[name]])), regex: isPattern },
    ...options,
  });
  countKeyword(ajv, '$ref');
  countKeyword(ajv, '$dynamicRef');
  ajv.removeKeyword('uniqueItems').addKeyword(uniqueItems);
  return ajv;
}

let metaSchemaAjv: Ajv2020 | undefined;

/** What the schema of JSON Schema itself says against a schema. */
export function metaSchemaErrors(schema: ObjectSchema): ErrorObject[] {
  metaSchemaAjv ??= createAjv({ allErrors: true, inlineRefs: true });
  const ajv = metaSchemaAjv;
  return withinBounds(() => (ajv.validateSchema(schema) === true ? [] : (ajv.errors ?? [])));
}

/** Checks a value and fills the defaults of the schema into it. Gives the first error, or with `all` every one. */
export type Validate = (value: JsonObject, all?: boolean) => ErrorObject[];

const MOST_KEPT = 200;
const kept = new Map<string, Validate>();

/** Throws SchemaError for a schema that cannot be used. Compiled schemas are kept. */
export function compileSchema(schema: ObjectSchema): Validate {
  const text = JSON.stringify(schema);
  const known = kept.get(text);
  if (known) return known;
  // One instance for each schema and mode: in a shared one, schemas could define each other's $ids.
  const compile = (allErrors: boolean) => {
    const check = withinBounds(() =>
      createAjv({ meta: false, validateSchema: false, useDefaults: true, allErrors }).compile(schema),
    );
    return (value: JsonObject) => withinBounds(() => (check(value) ? [] : (check.errors ?? [])));
  };
  const checkFirst = compile(false);
  let checkAll: ReturnType<typeof compile> | undefined;
  const validate: Validate = (value, all = false) => {
    if (!all) return checkFirst(value);
    checkAll ??= compile(true);
    return checkAll(value);
  };
  const [oldest] = kept.keys();
  if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  kept.set(text, validate);
  return validate;
}

function withinBounds<T>(work: () => T): T {
  referencesLeft = MOST_REFERENCES;
  matchingLeft = MOST_MATCHING;
  try {
    return work();
  } catch (error) {
    if (error instanceof SchemaError) throw error;
    if (error instanceof RangeError)
      throw new SchemaError('The schema refers to itself without end, or is nested too deeply.');
    // ajv throws plain errors for what it cannot compile, such as a $ref that leads nowhere.
    const reason = error instanceof Error ? error.message : String(error);
    throw new SchemaError(`The schema cannot be used: ${reason.replace(/\.$/, '')}.`, { cause: error });
  }
}
