import { readStepBudget } from './budget.ts';
import type { RetryPolicy, StepDefinition } from './definition.ts';
import { Fields, isObject } from './fields.ts';
import type { Path } from './issues.ts';
import { MOST_ITEMS } from './items.ts';
import type { Json } from './json.ts';
import { didYouMean, STEP_KEY_MAX_LENGTH, STEP_KEY_PATTERN, TREACHEROUS_NAMES } from './names.ts';
import type { SourceIssues } from './source-issues.ts';
import type { ErrorCategory } from './statuses.ts';
import { ERROR_CATEGORIES } from './statuses.ts';
import { soleExpression } from './template-scan.ts';

const STEP_FIELDS = [
  'key',
  'name',
  'type',
  'needs',
  'with',
  'if',
  'timeout',
  'retry',
  'continueOnError',
  'forEach',
  'maxParallel',
  'budget',
  'position',
];

/** Undefined when the step has no usable key; other mistakes are complained about and left out. */
export function readStep(
  value: Json,
  path: Path,
  previous: string | undefined,
  issues: SourceIssues,
): StepDefinition | undefined {
  if (!isObject(value)) {
    issues.add(path, 'A step is an object with fields such as key and type.');
    return undefined;
  }
  const fields = new Fields(value, path, issues);
  fields.allowOnly(STEP_FIELDS);
  const key = readKey(fields);
  fields.require('type', 'command');
  const condition = readCondition(fields);
  const timeoutMs = fields.duration('timeout');
  if (timeoutMs === 0) fields.complain('timeout', '"timeout" must be longer than 0.');
  const retry = readRetry(fields, issues);
  const continueOnError = fields.flag('continueOnError');
  const forEach = readForEach(fields);
  const maxParallel = fields.number('maxParallel', 1, MOST_ITEMS, true);
  if (maxParallel !== undefined && fields.get('forEach') === undefined)
    fields.complain('maxParallel', '"maxParallel" is for steps with "forEach".', 'key');
  const budget = readStepBudget(fields, issues);
  const position = readPosition(fields);
  const name = fields.text('name');
  const type = fields.text('type') ?? '';
  const needs = readNeeds(fields) ?? (previous === undefined ? [] : [previous]);
  const config = fields.object('with') ?? {};
  if (key === undefined) return undefined;
  return {
    key,
    name: name ?? key,
    type,
    needs,
    with: config,
    ...(condition !== undefined && { if: condition }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(retry !== undefined && { retry }),
    ...(continueOnError !== undefined && { continueOnError }),
    ...(forEach !== undefined && { forEach }),
    ...(maxParallel !== undefined && { maxParallel }),
    ...(budget !== undefined && { budget }),
    ...(position !== undefined && { position }),
  };
}

function readKey(fields: Fields): string | undefined {
  fields.require('key', 'build');
  const key = fields.text('key');
  if (key === undefined) return undefined;
  if (!STEP_KEY_PATTERN.test(key) || key.length > STEP_KEY_MAX_LENGTH) {
    fields.complain(
      'key',
      `The key "${key.slice(0, STEP_KEY_MAX_LENGTH)}" must begin with a letter or _, go on with letters, digits, _ or -, ` +
        `and have at most ${STEP_KEY_MAX_LENGTH} signs.`,
    );
  } else if (TREACHEROUS_NAMES.includes(key)) {
    fields.complain('key', `The key "${key}" is reserved. Choose another one.`);
  } else return key;
  return undefined;
}

/** The CEL source: `if` may hold a bare expression, one in `${{ }}`, or true or false. */
function readCondition(fields: Fields): string | undefined {
  const value = fields.get('if');
  if (value === undefined) return undefined;
  if (typeof value === 'boolean') return String(value);
  const text = fields.text('if')?.trim();
  return text === undefined ? undefined : (soleExpression(text)?.source.trim() ?? text);
}

function readForEach(fields: Fields): Json | undefined {
  const value = fields.get('forEach');
  if (value === undefined || (typeof value === 'string' && soleExpression(value.trim()))) {
    return typeof value === 'string' ? value.trim() : value;
  }
  if (!Array.isArray(value)) {
    fields.complain('forEach', '"forEach" must be one expression, such as ${{ input.files }}, or a list.');
  } else if (value.length > MOST_ITEMS) {
    fields.complain('forEach', `"forEach" may have ${MOST_ITEMS} items, and this list has ${value.length}.`);
  }
  return value;
}

function readPosition(fields: Fields): StepDefinition['position'] {
  const position = fields.object('position');
  if (!position) return undefined;
  const { x, y } = position;
  if (typeof x === 'number' && typeof y === 'number') return { x, y };
  fields.complain('position', '"position" must be two numbers, such as { x: 0, y: 120 }.');
  return undefined;
}

function readNeeds(fields: Fields): string[] | undefined {
  const needs = fields.list('needs', 'step keys, such as [build]');
  if (!needs) return undefined;
  const keys = needs.filter((need) => typeof need === 'string');
  if (keys.length < needs.length) fields.complain('needs', '"needs" must be a list of step keys, such as [build].');
  return keys;
}

const RETRY_FIELDS = ['attempts', 'delay', 'factor', 'maxDelay', 'jitter', 'on'];
const DEFAULT_ATTEMPTS = 3;
const DEFAULT_DELAY_MS = 1_000;
const DEFAULT_FACTOR = 2;
const DEFAULT_MAX_DELAY_MS = 60_000;
/** A cancelled step is not tried again, so nobody can ask for it. */
const RETRYABLE: readonly ErrorCategory[] = ERROR_CATEGORIES.filter((category) => category !== 'CANCELLED');

function readRetry(step: Fields, issues: SourceIssues): RetryPolicy | undefined {
  const value = step.object('retry');
  if (!value) return undefined;
  const fields = new Fields(value, [...step.path, 'retry'], issues);
  fields.allowOnly(RETRY_FIELDS);
  const delayMs = fields.duration('delay') ?? DEFAULT_DELAY_MS;
  const maxDelayMs = fields.duration('maxDelay') ?? Math.max(DEFAULT_MAX_DELAY_MS, delayMs);
  if (maxDelayMs < delayMs) fields.complain('maxDelay', '"maxDelay" must not be shorter than "delay".');
  const jitter = fields.number('jitter', 0, 1, false);
  const on = readCategories(fields, issues);
  return {
    attempts: fields.number('attempts', 1, 100, true) ?? DEFAULT_ATTEMPTS,
    delayMs,
    factor: fields.number('factor', 1, 100, false) ?? DEFAULT_FACTOR,
    maxDelayMs,
    ...(jitter !== undefined && { jitter }),
    ...(on && { on }),
  };
}

function readCategories(fields: Fields, issues: SourceIssues): ErrorCategory[] | undefined {
  const list = fields.list('on', `categories, such as [${RETRYABLE.slice(0, 2).join(', ')}]`);
  return list?.flatMap((value, index) => {
    const category = RETRYABLE.find((known) => known === value);
    if (category) return [category];
    const help =
      didYouMean(typeof value === 'string' ? value.toUpperCase() : '', RETRYABLE) ||
      ` There are ${RETRYABLE.join(', ')}.`;
    issues.add(
      [...fields.path, 'on', index],
      `${JSON.stringify(value)} is no category of failures to try again.${help}`,
    );
    return [];
  });
}
