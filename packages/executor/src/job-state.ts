import type { StepDefinition, WorkflowDefinition } from '@signalbox/core/definition';
import type { Json } from '@signalbox/core/json';
import { type Plan, type PlannedStep, plan } from '@signalbox/core/plan';
import type { StepStatus } from '@signalbox/core/statuses';
import type { Scope } from '@signalbox/core/template';
import type { ClaimedJob, ClaimedStep } from '@signalbox/db/executions';
import type { StepLogSize } from './step-log.ts';

/** A step as this executor knows it: what the database says, and what is on its way there. */
export interface StepState extends PlannedStep {
  readonly id: string;
  readonly type: string;
  readonly definition: StepDefinition;
  readonly logSize: StepLogSize;
  status: StepStatus;
  output: Json;
  error: PlannedStep['error'];
  /** The number of the last attempt, from 1. */
  attempt: number;
  /** Attempts that are charged to its retry. */
  failures: number;
  percent: number;
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
  readonly steps: readonly StepState[];
  readonly scope: Scope;
  readonly definition: WorkflowDefinition;
  readonly #byKey: ReadonlyMap<string, StepState>;

  constructor(job: ClaimedJob) {
    this.definition = job.definition;
    const definitions = new Map(job.definition.steps.map((step) => [step.key, step]));
    this.steps = job.steps.map((step) => stateOf(step, definitions.get(step.key)));
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

  progress(): JobProgress {
    const current = this.steps.find(({ status }) => status === 'RUNNING');
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
  const { attemptNumber, error, failures, id, key, output, status, type } = step;
  return {
    id,
    key,
    type,
    definition,
    status,
    output,
    error,
    failures,
    attempt: attemptNumber,
    percent: 0,
    waitsForRetry: false,
    logSize: { bytes: 0 },
  };
}
