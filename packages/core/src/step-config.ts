/** Checks what a step is given while expressions still stand in it. */
import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Issue } from './issues.ts';
import { pointerPath } from './issues.ts';
import type { Json, JsonObject, ObjectSchema } from './json.ts';
import { compileSchema, SchemaError } from './json-schema.ts';
import { branchesOf, isChoice, issuesOf } from './schema-issues.ts';
import { holdsExpression } from './template-scan.ts';

/** What is wrong whatever the expressions will give. The paths are JSON pointers into the config. */
export function checkStepConfig(schema: ObjectSchema, config: JsonObject): Issue[] {
  try {
    const errors = compileSchema(schema)(structuredClone(config), true);
    return issuesOf(errors.filter((error) => isCertain(error, errors, config)));
  } catch (error) {
    // The schema is the step type's: its author is told when the plugin is loaded.
    if (error instanceof SchemaError) return [];
    throw error;
  }
}

/** Rules about a value as a whole: an expression anywhere inside can change what they say. */
const ABOUT_THE_WHOLE: readonly string[] = [
  'const',
  'enum',
  'not',
  'oneOf',
  'if',
  'contains',
  'uniqueItems',
  'unevaluatedProperties',
  'unevaluatedItems',
];

function isCertain(error: ErrorObject, errors: readonly ErrorObject[], config: JsonObject): boolean {
  const value = valueAt(config, error.instancePath);
  if (typeof value === 'string') return !holdsExpression(value);
  if (!anyExpression(value)) return !/\/(then|else)\//.test(error.schemaPath) || !anyExpression(config);
  if (isChoice(error)) {
    return branchesOf(error, errors).every((branch) => branch.some((inside) => isCertain(inside, errors, config)));
  }
  return !ABOUT_THE_WHOLE.includes(error.keyword);
}

function anyExpression(value: Json | undefined): boolean {
  if (typeof value === 'string') return holdsExpression(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(anyExpression);
}

function valueAt(config: JsonObject, pointer: string): Json | undefined {
  let value: Json | undefined = config;
  for (const part of pointerPath(pointer)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as JsonObject)[part];
  }
  return value;
}
