/** Turns the errors of ajv into sentences for the people who sent the value. */
import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Issue } from './issues.ts';
import { jsonPointer } from './issues.ts';
import { didYouMean, shorten } from './names.ts';

const MOST_ERRORS = 500;
const MOST_ISSUES = 100;

/** One issue for each error; the errors inside the branches of anyOf and oneOf become part of one issue. */
export function issuesOf(errors: readonly ErrorObject[]): Issue[] {
  const considered = errors.slice(0, MOST_ERRORS);
  const choices = considered.filter(isChoice);
  const shown = considered.filter(
    (error) =>
      error.propertyName === undefined && error.keyword !== 'if' && !choices.some((choice) => isInside(error, choice)),
  );
  const issues = shown.map((error) => ({ path: pathOf(error), message: messageOf(error, considered) }));
  const seen = new Set<string>();
  return issues.filter(({ path, message }) => seen.size < seen.add(`${path} ${message}`).size).slice(0, MOST_ISSUES);
}

/** anyOf, or oneOf when no branch fits: the branches say why. */
export function isChoice({ keyword, params }: ErrorObject): boolean {
  return keyword === 'anyOf' || (keyword === 'oneOf' && params.passingSchemas === null);
}

function isInside(error: ErrorObject, choice: ErrorObject): boolean {
  return branchOf(error, choice) !== undefined;
}

/** The errors of each branch of a choice. */
export function branchesOf(choice: ErrorObject, errors: readonly ErrorObject[]): ErrorObject[][] {
  const branches = branchSchemas(choice).map(() => [] as ErrorObject[]);
  for (const error of errors) {
    const branch = branchOf(error, choice);
    if (branch !== undefined) branches[branch]?.push(error);
  }
  return branches;
}

/** The branch of the choice that an error comes from. Errors behind a $ref have the path of what it refers to. */
function branchOf(error: ErrorObject, choice: ErrorObject): number | undefined {
  if (error === choice || !error.instancePath.startsWith(choice.instancePath)) return undefined;
  const inside = `${choice.schemaPath}/`;
  if (error.schemaPath.startsWith(inside)) return Number.parseInt(error.schemaPath.slice(inside.length), 10);
  const branch = branchSchemas(choice).findIndex(
    ({ $ref }) => typeof $ref === 'string' && error.schemaPath.startsWith(`${$ref}/`),
  );
  return branch < 0 ? undefined : branch;
}

function branchSchemas({ schema }: ErrorObject): { $ref?: unknown }[] {
  if (!Array.isArray(schema)) return [];
  return schema.map((branch: unknown) => (typeof branch === 'object' && branch !== null ? branch : {}));
}

function pathOf({ keyword, instancePath, params }: ErrorObject): string {
  const named: unknown = FIELD_PARAMS[keyword] && params[FIELD_PARAMS[keyword]];
  return typeof named === 'string' ? instancePath + jsonPointer([named]) : instancePath;
}

/** The errors that are about a field by name, and the parameter with the name. */
const FIELD_PARAMS: Readonly<Record<string, string>> = {
  required: 'missingProperty',
  dependentRequired: 'missingProperty',
  additionalProperties: 'additionalProperty',
  unevaluatedProperties: 'unevaluatedProperty',
};

type Say = (error: ErrorObject, errors: readonly ErrorObject[]) => string;

const unknownField =
  (param: string): Say =>
  ({ params, parentSchema }) => {
    const name = String(params[param]);
    return `Unknown field "${name}".${didYouMean(name, Object.keys(parentSchema?.properties ?? {}))}`;
  };

const choice: Say = (error, errors) => {
  const reasons = branchesOf(error, errors).map(([first]) => first && messageOf(first, errors).replace(/\.$/, ''));
  const known = reasons.filter((reason) => reason !== undefined).slice(0, 4);
  return known.length > 0
    ? `None of the allowed forms fits: ${known.join('; or: ')}.`
    : 'None of the allowed forms fits.';
};

const MESSAGES: Readonly<Record<string, Say>> = {
  required: ({ params }) => `"${params.missingProperty}" is required.`,
  dependentRequired: ({ params }) => `"${params.missingProperty}" is required when "${params.property}" is given.`,
  additionalProperties: unknownField('additionalProperty'),
  unevaluatedProperties: unknownField('unevaluatedProperty'),
  type: ({ params, data }) => `Must be ${texts(params.type).map(withArticle).join(' or ')}, but is ${kindOf(data)}.`,
  enum: ({ params, data }) =>
    `Must be one of ${listed(params.allowedValues)}.${didYouMean(typeof data === 'string' ? data : '', texts(params.allowedValues))}`,
  const: ({ params }) => `Must be ${written(params.allowedValue)}.`,
  minLength: ({ params }) => `Must have at least ${counted(params.limit, 'character')}.`,
  maxLength: ({ params }) => `Must have at most ${counted(params.limit, 'character')}.`,
  minItems: ({ params }) => `Must have at least ${counted(params.limit, 'item')}.`,
  maxItems: ({ params }) => `Must have at most ${counted(params.limit, 'item')}.`,
  minProperties: ({ params }) => `Must have at least ${counted(params.limit, 'field')}.`,
  maxProperties: ({ params }) => `Must have at most ${counted(params.limit, 'field')}.`,
  minimum: ({ params }) => `Must be at least ${params.limit}.`,
  maximum: ({ params }) => `Must be at most ${params.limit}.`,
  exclusiveMinimum: ({ params }) => `Must be more than ${params.limit}.`,
  exclusiveMaximum: ({ params }) => `Must be less than ${params.limit}.`,
  multipleOf: ({ params }) => `Must be a multiple of ${params.multipleOf}.`,
  pattern: ({ params }) => `Must match the pattern ${params.pattern}.`,
  format: ({ params }) => `Must be a valid ${params.format}.`,
  uniqueItems: () => 'Must not have the same item twice.',
  propertyNames: ({ params }) => `A field may not have the name "${params.propertyName}".`,
  'false schema': () => 'Nothing is allowed here.',
  anyOf: choice,
  oneOf: (error, errors) => (isChoice(error) ? choice(error, errors) : 'More than one of the allowed forms fits.'),
};

function messageOf(error: ErrorObject, errors: readonly ErrorObject[]): string {
  const say = MESSAGES[error.keyword];
  if (say) return say(error, errors);
  const message = error.message ?? `breaks the rule ${error.keyword}`;
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}

function withArticle(type: string): string {
  if (type === 'null') return 'null';
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return withArticle(Array.isArray(value) ? 'array' : typeof value);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function written(value: unknown): string {
  return shorten(JSON.stringify(value));
}

function listed(values: unknown): string {
  return shorten([values].flat().map(written).join(', '), 300);
}

function texts(values: unknown): string[] {
  return [values].flat().filter((value) => typeof value === 'string');
}
