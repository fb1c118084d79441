/** Steps with `forEach`: the list, and the steps that its items become. */
import type { StepDefinition } from './definition.ts';
import type { Json } from './json.ts';
import type { Scope } from './scope.ts';
import { ExpressionError, evaluateTemplate } from './template.ts';

/** Items of one step. */
export const MOST_ITEMS = 1_000;

/** The key of the step that runs one item; `index` counts from 0. */
export function itemKey(key: string, index: number): string {
  return `${key}[${index}]`;
}

/** The key of the workflow's step behind a step of a job: the same, but for items. */
export function stepOfKey(key: string): string {
  const bracket = key.indexOf('[');
  return bracket < 0 ? key : key.slice(0, bracket);
}

/** The list that a step runs for. Throws ExpressionError when there is none, or a too long one. */
export function listItems(forEach: Json, scope: Scope): Json[] {
  const list = evaluateTemplate(forEach, scope);
  const source = typeof forEach === 'string' ? forEach : 'forEach';
  if (!Array.isArray(list)) {
    throw new ExpressionError(`"forEach" needs a list, and ${source} gives ${kindOf(list)}.`, source);
  }
  if (list.length > MOST_ITEMS) {
    throw new ExpressionError(`"forEach" may have ${MOST_ITEMS} items, and ${source} gives ${list.length}.`, source);
  }
  return list;
}

/** Whether a step is a collector: it does not run itself, its items do. */
export function isForEach(step: StepDefinition): step is StepDefinition & { forEach: Json } {
  return step.forEach !== undefined;
}

function kindOf(value: Json): string {
  if (value === null) return 'null';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? 'text' : `the ${typeof value} ${value}`;
}
