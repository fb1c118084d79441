/** What happens next in a job: which steps start, which are skipped and why, and how the job ends. */
import { falseCondition } from './condition-values.ts';
import type { WorkflowDefinition } from './definition.ts';
import { compileExpression } from './expression.ts';
import { brokenItem, planItems } from './item-plan.ts';
import { isForEach, listItems } from './items.ts';
import type { Json, JsonObject } from './json.ts';
import type { JobFailure, Plan, PlannedItem, PlannedStep } from './planned.ts';
import { ScopeValues } from './scope.ts';
import type { StepStatus } from './statuses.ts';
import { isFinalStepStatus } from './statuses.ts';
import { indexesByKey, orderSteps } from './step-graph.ts';
import type { Scope } from './template.ts';
import { conditionHolds, ExpressionError, evaluateTemplate } from './template.ts';

/**
 * Plans one job from what its steps are now. Pure, and in time proportional to the steps and their needs.
 *
 * - A step is looked at once everything it needs has settled. It starts when its condition holds, and is skipped when not.
 * - What needs a failed (or cancelled) step is skipped, and so on down the line, unless its condition asks failed() or
 *   always(). A step with continueOnError fails without such consequences. Skipping by a condition has none either.
 * - A step with forEach settles with the last of its items, which run beside each other and do not stop for each other's
 *   failures. A condition that speaks of the item is asked for each of them, any other one once for all.
 * - Branches that do not need the failed step go on. The job then ends as FAILED by the first failed step of the definition.
 *
 * `start` leaves out what runs already; a step that is WAITING or RUNNING keeps the job open. Steps that `steps` leaves
 * out count as PENDING.
 */
export function plan(
  definition: WorkflowDefinition,
  context: { input: JsonObject; job: Scope['job'] },
  steps: readonly PlannedStep[],
): Plan {
  return new Planning(definition, context, steps).plan();
}

/** Workflows with circles are not saved; a job that meets one all the same must not stay open for ever. */
const CIRCLE: JobFailure = {
  message: 'The steps that are left wait for each other in a circle.',
  category: 'CONFIGURATION',
  stepKey: null,
};

/** Why what needs a step cannot run: the step that failed first, and how it ended. */
interface Cause {
  index: number;
  verb: 'failed' | 'was cancelled';
}

/** What planning asks again and again about a definition, worked out once. Steps go by their index. */
interface Prepared {
  /** Each step behind everything it needs. */
  order: number[];
  needs: number[][];
  /** Whether the condition of a step deals with failures itself. */
  asksForOutcome: boolean[];
  /** Whether it speaks of the items of its step. */
  asksForItem: boolean[];
}

const preparations = new WeakMap<WorkflowDefinition, Prepared>();

function prepare(definition: WorkflowDefinition): Prepared {
  const known = preparations.get(definition);
  if (known) return known;
  const { steps } = definition;
  const indexes = indexesByKey(steps);
  const prepared = {
    order: orderSteps(steps).order,
    needs: steps.map(({ needs }) => needs.map((need) => indexes.get(need)).filter((index) => index !== undefined)),
    asksForItem: steps.map((step) => step.if !== undefined && compileExpression(step.if).asksForItem),
    asksForOutcome: steps.map((step) => step.if !== undefined && compileExpression(step.if).asksForOutcome),
  };
  preparations.set(definition, prepared);
  return prepared;
}

class Planning {
  readonly #definition: WorkflowDefinition;
  readonly #context: { input: JsonObject; job: Scope['job'] };
  readonly #prepared: Prepared;
  /** As given, and then as this plan changes them. */
  readonly #steps: PlannedStep[];
  readonly #causes: (Cause | undefined)[] = [];
  /** By the key of their `forEach` step, in the order of its list. */
  readonly #items: Map<string, PlannedItem[]>;
  readonly #starting: { index: number; keys: string[] }[] = [];
  readonly #skip: Plan['skip'] = [];
  readonly #fail: Plan['fail'] = [];
  readonly #expand: NonNullable<Plan['expand']> = [];
  readonly #complete: NonNullable<Plan['complete']> = [];
  #values: ScopeValues | undefined;

  constructor(
    definition: WorkflowDefinition,
    context: { input: JsonObject; job: Scope['job'] },
    steps: readonly PlannedStep[],
  ) {
    this.#definition = definition;
    this.#context = context;
    this.#prepared = prepare(definition);
    this.#steps = aligned(definition, steps);
    this.#items = itemsOf(steps);
  }

  plan(): Plan {
    for (const index of this.#prepared.order) this.#settle(index);
    const plan: Plan = {
      start: this.#starting.toSorted((one, other) => one.index - other.index).flatMap(({ keys }) => keys),
      skip: this.#skip,
      fail: this.#fail,
      ...(this.#expand.length > 0 && { expand: this.#expand }),
      ...(this.#complete.length > 0 && { complete: this.#complete }),
    };
    const open = this.#steps.filter(({ status }) => !isFinalStepStatus(status));
    if (open.length === 0) return { ...plan, done: this.#end() };
    const stuck = this.#starting.length + this.#expand.length === 0 && open.every(({ status }) => status === 'PENDING');
    return stuck ? { ...plan, done: { status: 'FAILED', error: CIRCLE } } : plan;
  }

  /** Everything the step needs was settled before. */
  #settle(index: number): void {
    const needs = this.#prepared.needs[index] ?? [];
    const items = this.#items.get(this.#at(index).key);
    if (items && !isFinalStepStatus(this.#at(index).status)) this.#settleItems(index, items, needs);
    else if (this.#at(index).status === 'PENDING' && needs.every((need) => isFinalStepStatus(this.#at(need).status))) {
      this.#decide(index, needs);
    }
    const { status } = this.#at(index);
    // Most steps complete or wait, and neither stands in anybody's way.
    if (status === 'COMPLETED' || !isFinalStepStatus(status)) return;
    this.#causes[index] = this.#causeIn(index, status, needs);
  }

  #decide(index: number, needs: readonly number[]): void {
    const step = this.#definition.steps[index];
    const broken = needs.find((need) => this.#causes[need]);
    if (broken !== undefined && !this.#prepared.asksForOutcome[index]) {
      this.#skipStep(index, this.#becauseOf(broken));
    } else if (step?.if === undefined || (isForEach(step) && this.#prepared.asksForItem[index])) {
      this.#begin(index);
    } else {
      this.#decideByCondition(index, step.if, broken !== undefined);
    }
  }

  #decideByCondition(index: number, condition: string, aNeedFailed: boolean): void {
    try {
      const values = this.#sharedValues();
      if (conditionHolds(condition, values, aNeedFailed)) this.#begin(index);
      else this.#skipStep(index, falseCondition(condition, values.scope, aNeedFailed));
    } catch (error) {
      this.#failByExpression(index, error);
    }
  }

  #begin(index: number): void {
    const step = this.#definition.steps[index];
    const { key } = this.#at(index);
    if (!step || !isForEach(step)) {
      this.#starting.push({ index, keys: [key] });
      return;
    }
    try {
      const items = listItems(step.forEach, this.#sharedValues().scope);
      if (items.length === 0) this.#completeStep(index, []);
      else this.#expand.push({ key, items });
    } catch (error) {
      this.#failByExpression(index, error);
    }
  }

  #settleItems(index: number, items: readonly PlannedItem[], needs: readonly number[]): void {
    const step = this.#definition.steps[index];
    if (!step) return;
    const { key, status } = this.#at(index);
    const { after, end, fail, skip, start } = planItems({
      step,
      items,
      condition: this.#prepared.asksForItem[index] ? step.if : undefined,
      aNeedFailed: needs.some((need) => this.#causes[need]),
      values: () => this.#sharedValues(),
    });
    this.#items.set(key, after);
    this.#skip.push(...skip);
    this.#fail.push(...fail);
    if (start.length > 0) this.#starting.push({ index, keys: start });
    if (end?.status === 'COMPLETED') this.#completeStep(index, end.output);
    else if (end) this.#failStep(index, end.error);
    else if (status === 'PENDING') this.#expand.push({ key, items: [] });
  }

  #completeStep(index: number, output: Json[]): void {
    const { key } = this.#at(index);
    this.#change(index, { key, status: 'COMPLETED', output, error: null });
    this.#complete.push({ key, output });
  }

  #failByExpression(index: number, error: unknown): void {
    if (!(error instanceof ExpressionError)) throw error;
    this.#failStep(index, { message: error.message, category: 'CONFIGURATION' });
  }

  #failStep(index: number, error: NonNullable<PlannedStep['error']>): void {
    const { key } = this.#at(index);
    this.#change(index, { key, status: 'FAILED', output: null, error });
    this.#fail.push({ key, ...error });
  }

  #skipStep(index: number, because: string): void {
    const { key } = this.#at(index);
    this.#change(index, { key, status: 'SKIPPED', output: null, error: null });
    this.#skip.push({ key, because });
  }

  #causeIn(index: number, status: StepStatus, needs: readonly number[]): Cause | undefined {
    // A step that was skipped although its condition could have dealt with the failure was skipped by its condition.
    if (status === 'SKIPPED') {
      const broken = this.#prepared.asksForOutcome[index] ? undefined : needs.find((need) => this.#causes[need]);
      return broken === undefined ? undefined : this.#causes[broken];
    }
    if (this.#definition.steps[index]?.continueOnError) return undefined;
    return { index, verb: status === 'FAILED' ? 'failed' : 'was cancelled' };
  }

  #becauseOf(need: number): string {
    const { key } = this.#at(need);
    const cause = this.#causes[need];
    if (!cause || cause.index === need) return `needs ${key}, which ${cause?.verb ?? 'failed'}`;
    return `needs ${key}, which was skipped after ${this.#at(cause.index).key} ${cause.verb}`;
  }

  #end(): NonNullable<Plan['done']> {
    const blamed = this.#causes.findIndex((cause, index) => cause?.index === index);
    if (blamed >= 0) {
      const step = this.#at(blamed);
      return { status: 'FAILED', error: failureOf(brokenItem(this.#items.get(step.key) ?? []) ?? step) };
    }
    const { output } = this.#definition;
    if (output === undefined) {
      const last = this.#steps.at(-1);
      return { status: 'COMPLETED', output: last?.status === 'COMPLETED' ? last.output : null };
    }
    try {
      return { status: 'COMPLETED', output: evaluateTemplate(output, this.#scope()) };
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const message = `The output of the workflow cannot be made. ${error.message}`;
      return { status: 'FAILED', error: { message, category: 'CONFIGURATION', stepKey: null } };
    }
  }

  #sharedValues(): ScopeValues {
    this.#values ??= new ScopeValues(this.#scope());
    return this.#values;
  }

  /** Made only when something is evaluated: most plans of large jobs evaluate nothing. */
  #scope(): Scope {
    const steps = Object.create(null) as Scope['steps'];
    for (const step of this.#steps) steps[step.key] = step;
    return { ...this.#context, steps };
  }

  #at(index: number): PlannedStep {
    const step = this.#steps[index];
    if (!step) throw new RangeError(`The plan has no step ${index}.`);
    return step;
  }

  #change(index: number, step: PlannedStep): void {
    this.#steps[index] = step;
    if (this.#values) this.#values.scope.steps[step.key] = step;
  }
}

/** The steps in the order of the definition. They mostly come in it. */
function aligned({ steps }: WorkflowDefinition, given: readonly PlannedStep[]): PlannedStep[] {
  if (given.length === steps.length && steps.every(({ key }, index) => given[index]?.key === key)) return [...given];
  const byKey = new Map(given.map((step) => [step.key, step]));
  return steps.map(({ key }) => byKey.get(key) ?? { key, status: 'PENDING', output: null, error: null });
}

/** Steps that are no items are left out. */
function itemsOf(steps: readonly PlannedStep[]): Map<string, PlannedItem[]> {
  const items = new Map<string, PlannedItem[]>();
  for (const step of steps) {
    if (!isItem(step)) continue;
    const list = items.get(step.item.of);
    if (list) list.push(step);
    else items.set(step.item.of, [step]);
  }
  for (const list of items.values()) list.sort((one, other) => one.item.index - other.item.index);
  return items;
}

function isItem(step: PlannedStep): step is PlannedItem {
  return step.item !== undefined;
}

function failureOf({ key, status, error }: PlannedStep): JobFailure {
  if (error) return { message: error.message, category: error.category, stepKey: key };
  if (status === 'CANCELLED') return { message: `The step ${key} was cancelled.`, category: 'CANCELLED', stepKey: key };
  return { message: `The step ${key} failed and gave no reason.`, category: 'INTERNAL', stepKey: key };
}
