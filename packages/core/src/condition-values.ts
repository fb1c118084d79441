/** The values that made a condition false, for the people who wonder why a step did not run. */
import { compileExpression } from './expression.ts';
import { OUTCOME_FUNCTIONS } from './expression-environment.ts';
import type { Chain } from './expression-references.ts';
import type { Json } from './json.ts';
import { shorten } from './names.ts';
import type { Scope } from './scope.ts';
import { stepOf } from './scope.ts';

const LONGEST_CONDITION = 200;
const MOST_VALUES = 5;
const LONGEST_VALUE = 60;

/** Why a step is skipped whose condition does not hold: which one, and with which values. */
export function falseCondition(condition: string, scope: Scope, aNeedFailed: boolean): string {
  return `condition is false: ${shorten(condition, LONGEST_CONDITION)}${conditionValues(condition, scope, aNeedFailed)}`;
}

/** Such as ` (input.n = 2, failed() = false)`; empty when the condition refers to nothing. Secrets are never among them. */
function conditionValues(source: string, scope: Scope, aNeedFailed: boolean): string {
  const { references } = compileExpression(source);
  if (!references) return '';
  const told = new Set<string>();
  for (const chain of references.chains) {
    const value = shownValue(chain, scope);
    if (value !== undefined) told.add(`${nameOf(chain)} ${value}`);
  }
  for (const { name } of references.calls) {
    // always() tells nothing, and what is the whole condition says it all by itself.
    if (!OUTCOME_FUNCTIONS.includes(name) || name === 'always' || source === `${name}()`) continue;
    told.add(`${name}() = ${(name === 'failed') === aNeedFailed}`);
  }
  if (told.size === 0) return '';
  const more = told.size > MOST_VALUES ? ', …' : '';
  return ` (${[...told].slice(0, MOST_VALUES).join(', ')}${more})`;
}

function nameOf({ root, names }: Chain): string {
  const parts = names.map(({ name }) => (/^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`));
  return shorten(`${root.name}${parts.join('')}`);
}

/** Undefined for what is no value of the job, such as the name of a type. */
function shownValue({ root, names }: Chain, scope: Scope): string | undefined {
  let value = rootValue(root.name, scope);
  if (value === undefined) return undefined;
  for (const [depth, { name }] of names.entries()) {
    if (root.name === 'steps' && depth === 0) value = stepValue(name, scope);
    else value = memberOf(value, name);
    if (value === undefined) return 'is absent';
  }
  return `= ${preview(value)}`;
}

function rootValue(name: string, scope: Scope): Json | undefined {
  if (name === 'input') return scope.input;
  if (name === 'job') return scope.job;
  if (name === 'item') return scope.item;
  if (name === 'index') return scope.index;
  // Which step is meant, and of it what, the names behind tell.
  return name === 'steps' ? {} : undefined;
}

function stepValue(key: string, scope: Scope): Json | undefined {
  const step = stepOf(scope, key);
  return step && { status: step.status, output: step.output, error: step.error && { ...step.error } };
}

function memberOf(value: Json, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Large values only by their size: nobody reads them in a reason. */
function preview(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(shorten(value, LONGEST_VALUE));
  if (typeof value !== 'object' || value === null) return String(value);
  const size = Array.isArray(value) ? value.length : Object.keys(value).length;
  if (Array.isArray(value)) return size === 0 ? '[]' : `a list of ${size}`;
  return size === 0 ? '{}' : `an object with ${size} ${size === 1 ? 'field' : 'fields'}`;
}
