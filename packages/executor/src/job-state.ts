import type { StepDefinition, WorkflowDefinition } from '@signalbox/core/definition';
import { isForEach, itemKey, stepOfKey } from '@signalbox/core/items';
import type { Json } from '@signalbox/core/json';
import { plan } from '@signalbox/core/plan';
import type { Plan, PlannedStep } from '@signalbox/core/planned';
import type { StepStatus } from '@signalbox/core/statuses';
import type { Scope } from '@signalbox/core/template';
import type { ClaimedJob, ClaimedStep } from '@signalbox/db/executions';
import { newId } from '@signalbox/db/ids';
import type { StepLogSize } from './step-log.ts';

/** A step as this executor knows it: what the database says, and what is on its way there. */
export interface StepState extends PlannedStep {
  readonly id: string;
  readonly type: string;
  readonly definition: StepDefinition;
  readonly logSize: StepLogSize;
  /** A forEach step, which is RUNNING while its items are to run, and never runs itself. */
  readonly isList: boolean;
  status: StepStatus;
  output: Json;
  error: PlannedStep['error'];
  /** The number of the last attempt, from 1. */
  attempt: number;
  /** Attempts that are charged to its retry. */
  failures: number;
  percent: number;
  /** What the running attempt said about what it uses, if its step type says that only then. */
  uses?: string;
  /** It failed and is tried again later: PENDING for the database, RUNNING for the plan. */
  waitsForRetry: boolean;
}

export interface JobProgress {
  completedSteps: number;
  currentStepKey: string | null;
  stepPercent: number;
}

/** The steps of a held job, kept in memory while it is held: they are read once, when the job is claimed. */
export class JobState {
  /** In timeline order: items stand behind their forEach step. */
  steps: readonly StepState[];
  readonly scope: Scope;
  readonly definition: WorkflowDefinition;
  readonly #byKey: Map<string, StepState>;

  constructor(job: ClaimedJob) {
    this.definition = job.definition;
    const definitions = new Map(job.definition.steps.map((step) => [step.key, step]));
    this.steps = job.steps.map((step) => stateOf(step, definitions.get(stepOfKey(step.key))));
    this.#byKey = new Map(this.steps.map((step) => [step.key, step]));
    const { id, labels, subject, version, workflow } = job;
    this.scope = {
      input: job.input,
      // The steps themselves, so that expressions always see them as they are.
      steps: Object.fromEntries(this.#byKey),
      job: { id, labels, subject, version, workflow },
    };
  }

  get(key: string): StepState {
    const step = this.#byKey.get(key);
    if (!step) throw new Error(`the job has no step ${key}`);
    return step;
  }

  plan(): Plan {
    return plan(this.definition, this.scope, this.steps);
  }

  /** What the step's expressions can see. */
  scopeOf({ item }: StepState): Scope {
    return item ? { ...this.scope, item: item.value, index: item.index } : this.scope;
  }

  /** Adds the items of a forEach step. The database is to be told. */
  addItems(key: string, items: readonly Json[]): StepState[] {
    const list = this.get(key);
    const added = items.map((value, index) => itemOf(list, value, index));
    for (const step of added) this.#byKey.set(step.key, step);
    const at = this.steps.indexOf(list) + 1;
    this.steps = [...this.steps.slice(0, at), ...added, ...this.steps.slice(at)];
    return added;
  }

  progress(): JobProgress {
    const current = this.steps.find(({ isList, status }) => status === 'RUNNING' && !isList);
    return {
      completedSteps: this.steps.reduce((count, { status }) => count + (isDone(status) ? 1 : 0), 0),
      currentStepKey: current?.key ?? null,
      stepPercent: current?.percent ?? 0,
    };
  }
}

/** Ended by itself or passed over by the plan; a cancel does not bring a job further. */
function isDone(status: StepStatus): boolean {
  return status === 'COMPLETED' || status === 'FAILED' || status === 'SKIPPED';
}

function stateOf(step: ClaimedStep, definition: StepDefinition | undefined): StepState {
  if (!definition) throw new Error(`the workflow version has no step ${step.key}`);
  const { attemptNumber, error, failures, id, key, output, position, status, type } = step;
  const isItem = position > 0;
  const isList = isForEach(definition) && !isItem;
  return {
    id,
    isList,
    ...(isItem && { item: { of: definition.key, index: position - 1, value: step.item } }),
    key,
    type,
    definition,
    // A forEach step waited with its items, and begins again with them.
    status: isList && status === 'WAITING' ? 'PENDING' : status,
    output,
    error,
    failures,
    attempt: attemptNumber,
    percent: 0,
    waitsForRetry: false,
    logSize: { bytes: 0 },
  };
}

function itemOf({ definition, key, type }: StepState, value: Json, index: number): StepState {
  return {
    id: newId(),
    key: itemKey(key, index),
    type,
    definition,
    isList: false,
    item: { of: key, index, value },
    status: 'PENDING',
    output: null,
    error: null,
    failures: 0,
    attempt: 0,
    percent: 0,
    waitsForRetry: false,
    logSize: { bytes: 0 },
  };
}
