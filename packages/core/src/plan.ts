/** What happens next in a job: which steps start, which are skipped and why, and how the job ends. */
import { conditionValues } from './condition-values.ts';
import type { WorkflowDefinition } from './definition.ts';
import { compileExpression } from './expression.ts';
import type { Json, JsonObject } from './json.ts';
import { shorten } from './names.ts';
import { ScopeValues } from './scope.ts';
import type { ErrorCategory, StepStatus } from './statuses.ts';
import { isFinalStepStatus } from './statuses.ts';
import { indexesByKey, orderSteps } from './step-graph.ts';
import type { Scope } from './template.ts';
import { conditionHolds, ExpressionError, evaluateTemplate } from './template.ts';

export interface PlannedStep {
  key: string;
  status: StepStatus;
  output: Json;
  error: { message: string; category: ErrorCategory } | null;
}

export interface JobFailure {
  message: string;
  category: ErrorCategory;
  /** Null when no single step is to blame. */
  stepKey: string | null;
}

export interface Plan {
  /** Steps to start now, in the order of the definition. */
  start: string[];
  /** Steps to mark as SKIPPED now. */
  skip: { key: string; because: string }[];
  /** Steps to mark as FAILED now: their condition cannot be evaluated. */
  fail: { key: string; message: string; category: ErrorCategory }[];
  /** Set when, after `skip` and `fail`, nothing is left to run: how the job ends. */
  done?: { status: 'COMPLETED'; output: Json } | { status: 'FAILED'; error: JobFailure };
}

/**
 * Plans one job from what its steps are now. Pure, and in time proportional to the steps and their needs.
 *
 * - A step is looked at once everything it needs has settled. It starts when its condition holds, and is skipped when not.
 * - What needs a failed (or cancelled) step is skipped, and so on down the line, unless its condition asks failed() or
 *   always(). A step with continueOnError fails without such consequences. Skipping by a condition has none either.
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
  readonly #starting: number[] = [];
  readonly #skip: Plan['skip'] = [];
  readonly #fail: Plan['fail'] = [];
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
  }

  plan(): Plan {
    for (const index of this.#prepared.order) this.#settle(index);
    const plan: Plan = {
      start: this.#starting.toSorted((one, other) => one - other).map((index) => this.#at(index).key),
      skip: this.#skip,
      fail: this.#fail,
    };
    const open = this.#steps.filter(({ status }) => !isFinalStepStatus(status));
    if (open.length === 0) return { ...plan, done: this.#end() };
    const stuck = this.#starting.length === 0 && open.every(({ status }) => status === 'PENDING');
    return stuck ? { ...plan, done: { status: 'FAILED', error: CIRCLE } } : plan;
  }

  /** Everything the step needs was settled before. */
  #settle(index: number): void {
    const needs = this.#prepared.needs[index] ?? [];
    if (this.#at(index).status === 'PENDING' && needs.every((need) => isFinalStepStatus(this.#at(need).status))) {
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
    } else if (step?.if === undefined) {
      this.#starting.push(index);
    } else {
      this.#decideByCondition(index, step.if, broken !== undefined);
    }
  }

  #decideByCondition(index: number, condition: string, aNeedFailed: boolean): void {
    try {
      this.#values ??= new ScopeValues(this.#scope());
      if (conditionHolds(condition, this.#values, aNeedFailed)) this.#starting.push(index);
      else this.#skipStep(index, falseCondition(condition, this.#values.scope, aNeedFailed));
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const failure = { message: error.message, category: 'CONFIGURATION' } as const;
      const { key } = this.#at(index);
      this.#change(index, { key, status: 'FAILED', output: null, error: failure });
      this.#fail.push({ key, ...failure });
    }
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
    if (blamed >= 0) return { status: 'FAILED', error: failureOf(this.#at(blamed)) };
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

function falseCondition(condition: string, scope: Scope, aNeedFailed: boolean): string {
  return `condition is false: ${shorten(condition, 200)}${conditionValues(condition, scope, aNeedFailed)}`;
}

/** The steps in the order of the definition. They mostly come in it. */
function aligned({ steps }: WorkflowDefinition, given: readonly PlannedStep[]): PlannedStep[] {
  if (given.length === steps.length && steps.every(({ key }, index) => given[index]?.key === key)) return [...given];
  const byKey = new Map(given.map((step) => [step.key, step]));
  return steps.map(({ key }) => byKey.get(key) ?? { key, status: 'PENDING', output: null, error: null });
}

function failureOf({ key, status, error }: PlannedStep): JobFailure {
  if (error) return { message: error.message, category: error.category, stepKey: key };
  if (status === 'CANCELLED') return { message: `The step ${key} was cancelled.`, category: 'CANCELLED', stepKey: key };
  return { message: `The step ${key} failed and gave no reason.`, category: 'INTERNAL', stepKey: key };
}
