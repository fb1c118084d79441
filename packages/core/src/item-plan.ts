/** What happens next among the items of one `forEach` step. */
import { falseCondition } from './condition-values.ts';
import type { StepDefinition } from './definition.ts';
import type { Json } from './json.ts';
import type { Plan, PlannedItem, PlannedStep } from './planned.ts';
import type { ScopeValues } from './scope.ts';
import { isFinalStepStatus } from './statuses.ts';
import { conditionHolds, ExpressionError } from './template.ts';

/** Steps of one job that run at the same time; more items than these need not even be looked at. */
export const MOST_AT_ONCE = 10;

export interface ItemsPlan {
  start: string[];
  skip: Plan['skip'];
  fail: Plan['fail'];
  /** Those that do not start, as this plan leaves them. */
  after: PlannedItem[];
  /** Set once every item has settled: what becomes of the step itself. */
  end?: { status: 'COMPLETED'; output: Json[] } | { status: 'FAILED'; error: NonNullable<PlannedStep['error']> };
}

export interface ItemsToPlan {
  step: StepDefinition;
  /** In the order of the list. */
  items: readonly PlannedItem[];
  /** The step's condition where it speaks of the item: it is asked for each of them. */
  condition: string | undefined;
  aNeedFailed: boolean;
  values(): ScopeValues;
}

/** Starts as many as may run beside each other, and settles the step with its last item. */
export function planItems(asked: ItemsToPlan): ItemsPlan {
  const { condition, items, step } = asked;
  const after: PlannedItem[] = [];
  const plan: ItemsPlan = { start: [], skip: [], fail: [], after };
  let free = Math.min(step.maxParallel ?? MOST_AT_ONCE, MOST_AT_ONCE) - items.filter(isUnderWay).length;
  for (const item of items) {
    if (item.status !== 'PENDING' || free <= 0) {
      after.push(item);
      continue;
    }
    const decided = condition === undefined ? undefined : decide(item, condition, asked);
    if (decided === undefined) {
      plan.start.push(item.key);
      free -= 1;
    } else if (typeof decided === 'string') {
      plan.skip.push({ key: item.key, because: decided });
      after.push({ ...item, status: 'SKIPPED' });
    } else {
      plan.fail.push({ key: item.key, ...decided });
      after.push({ ...item, status: 'FAILED', error: decided });
    }
  }
  if (plan.start.length === 0 && after.every(({ status }) => isFinalStepStatus(status))) {
    plan.end = endOf(step, after);
  }
  return plan;
}

/** The first of the items that its step fails by. */
export function brokenItem<T extends PlannedStep>(items: readonly T[]): T | undefined {
  return items.find(isBroken);
}

/** Nothing when it runs, the reason when it is skipped, the failure when that cannot be told. */
function decide({ item }: PlannedItem, condition: string, { aNeedFailed, values }: ItemsToPlan) {
  try {
    const ofItem = values().ofItem(item.value, item.index);
    if (conditionHolds(condition, ofItem, aNeedFailed)) return undefined;
    return falseCondition(condition, ofItem.scope, aNeedFailed);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { message: error.message, category: 'CONFIGURATION' } as const;
  }
}

function endOf(step: StepDefinition, items: readonly PlannedStep[]): ItemsPlan['end'] {
  const broken = items.filter(isBroken);
  const [first] = broken;
  if (!first || step.continueOnError) {
    return { status: 'COMPLETED', output: items.map(({ output, status }) => (status === 'COMPLETED' ? output : null)) };
  }
  const reason = first.error?.message ?? 'it was cancelled.';
  const message = `${broken.length} of ${items.length} items failed, the first of them ${first.key}: ${reason}`;
  return { status: 'FAILED', error: { message, category: first.error?.category ?? 'CANCELLED' } };
}

function isUnderWay({ status }: PlannedStep): boolean {
  return status === 'RUNNING' || status === 'WAITING';
}

function isBroken({ status }: PlannedStep): boolean {
  return status === 'FAILED' || status === 'CANCELLED';
}
