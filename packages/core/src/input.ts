/** Checks of a job's input, and of the schema that says what the input may be. */
import type { Issue, Path } from './issues.ts';
import { jsonPointer } from './issues.ts';
import type { Json, JsonObject, ObjectSchema } from './json.ts';
import { compileSchema, metaSchemaErrors, SchemaError } from './json-schema.ts';
import { linearPattern, PatternError } from './patterns.ts';
import { issuesOf } from './schema-issues.ts';

const DEEPEST_INPUT = 100;
/** For larger values only the first error is looked for: a million wrong items would make a million errors. */
const MOST_VALUES_FOR_ALL_ERRORS = 10_000;
const SCHEMA_MAX_LENGTH = 64 * 1024;
const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/**
 * Checks an input (or the `with` of a step) against its schema.
 *
 * @returns a copy of the input with the defaults of the schema filled in, and everything that is wrong with it; the
 *   paths of the issues are JSON pointers into the input
 */
export function checkInput(schema: ObjectSchema, input: JsonObject): { value: JsonObject; issues: Issue[] } {
  if (isDeeperThan(input, DEEPEST_INPUT)) {
    return {
      value: input,
      issues: [{ path: '', message: `More than ${DEEPEST_INPUT} levels of nesting are not allowed.` }],
    };
  }
  const value = structuredClone(input);
  try {
    const validate = compileSchema(schema);
    const [first] = validate(value);
    if (!first) return { value, issues: [] };
    const all = countValues(input, MOST_VALUES_FOR_ALL_ERRORS) < MOST_VALUES_FOR_ALL_ERRORS;
    return { value, issues: issuesOf(validate(structuredClone(input), all)) };
  } catch (error) {
    if (error instanceof SchemaError) return { value, issues: [{ path: '', message: error.message }] };
    throw error;
  }
}

/** What is wrong with a schema; the paths are JSON pointers into it. */
export function checkSchema(schema: ObjectSchema): Issue[] {
  if (JSON.stringify(schema).length > SCHEMA_MAX_LENGTH) {
    return [{ path: '', message: `The schema is longer than ${SCHEMA_MAX_LENGTH} signs.` }];
  }
  if (schema.type !== 'object') return [{ path: '/type', message: 'The schema must have the type "object".' }];
  if (schema.$schema !== undefined && schema.$schema !== DIALECT) {
    return [{ path: '/$schema', message: `Only JSON Schema 2020-12 is understood: ${DIALECT}` }];
  }
  if (schema.$async !== undefined) return [{ path: '/$async', message: 'Unknown field "$async".' }];
  try {
    const issues = [...issuesOf(metaSchemaErrors(schema)), ...badPatterns(schema, [])];
    if (issues.length === 0) compileSchema(schema);
    return issues;
  } catch (error) {
    if (error instanceof SchemaError) return [{ path: '', message: error.message }];
    throw error;
  }
}

/** They hold values, not schemas. */
const DATA_KEYWORDS: readonly string[] = ['const', 'enum', 'default', 'examples'];

/** Patterns that cannot run in linear time; the schema of JSON Schema knows only that they are text. */
function badPatterns(schema: unknown, path: Path): Issue[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]) => {
    if (DATA_KEYWORDS.includes(key)) return [];
    const patterns = key === 'patternProperties' && typeof value === 'object' ? Object.keys(value ?? {}) : [];
    if (key === 'pattern' && typeof value === 'string') patterns.push(value);
    const here = [...path, key];
    return [...patterns.flatMap((pattern) => badPattern(pattern, here)), ...badPatterns(value, here)];
  });
}

function badPattern(pattern: string, path: Path): Issue[] {
  try {
    linearPattern(pattern);
    return [];
  } catch (error) {
    if (error instanceof PatternError) return [{ path: jsonPointer(path), message: error.message }];
    throw error;
  }
}

function isDeeperThan(value: Json, levels: number): boolean {
  if (value === null || typeof value !== 'object') return false;
  return levels === 0 || Object.values(value).some((item) => isDeeperThan(item, levels - 1));
}

/** Stops counting at the limit. */
function countValues(value: Json, limit: number): number {
  if (value === null || typeof value !== 'object') return 1;
  let count = 1;
  for (const item of Object.values(value)) {
    if (count >= limit) break;
    count += countValues(item, limit - count);
  }
  return count;
}
