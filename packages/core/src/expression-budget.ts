/**
 * What an expression may cost. Expressions come from whoever writes workflows and run inside a process that many jobs
 * share, so loops, long texts and large lists are counted, and counting is the same on every machine (a clock is not).
 */
import { EvaluationError } from '@marcbachmann/cel-js';

/** A fraction of a second of work, and less than 64 MB of values. */
const UNITS_PER_EVALUATION = 1_000_000;
/** Signs that are handled for one unit. */
const SIGNS_PER_UNIT = 16;

let left = 0;

/** Each evaluation begins with the whole budget. Evaluations are synchronous, so there is only one at a time. */
export function refillBudget(): void {
  left = UNITS_PER_EVALUATION;
}

/** Takes units; throws BudgetExceeded when there are not that many left, and at every call from then on. */
export function spend(units: number): void {
  left -= units;
  if (left < 0) throw new BudgetExceeded();
}

/** The expression asks for too much work. Not to be swallowed by `||` and `exists()`, as other errors are. */
export class BudgetExceeded extends EvaluationError {
  constructor() {
    super({ code: 'budget_exceeded', message: 'it does too much work: fewer or smaller lists and texts are needed' });
  }
}

/** What touching a value once costs, its inside not counted. */
export function shallowCost(value: unknown): number {
  if (typeof value === 'string' || value instanceof Uint8Array) return 1 + value.length / SIGNS_PER_UNIT;
  if (Array.isArray(value)) return 1 + value.length;
  if (value instanceof Map) return 1 + value.size;
  return 1;
}

/** Takes what walking through the whole value costs, and stops walking once the budget is spent. */
export function spendOnAll(value: unknown): void {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) {
    spend(shallowCost(value));
    return;
  }
  spend(1);
  const items = Array.isArray(value) || value instanceof Map ? value.values() : Object.values(value);
  for (const item of items) spendOnAll(item);
}
