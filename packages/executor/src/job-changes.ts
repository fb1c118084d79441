import type { Json } from '@signalbox/core/json';
import type { Plan } from '@signalbox/core/plan';
import type { ErrorCategory } from '@signalbox/core/statuses';
import type { JobChange } from '@signalbox/db/progress';
import type { AttemptCost } from './attempt-cost.ts';
import type { AttemptEnd } from './attempt-end.ts';
import type { JobState, StepState } from './job-state.ts';

export type EndedStep = NonNullable<JobChange['ended']>[number];
export type ClosedStep = NonNullable<JobChange['closed']>[number];
export type StartedStep = NonNullable<JobChange['started']>[number];

/** What the database is told about an attempt that ended. An attempt that was only stopped has nothing to tell. */
export function endedStep(
  step: StepState,
  end: Exclude<AttemptEnd, { status: 'STOPPED' }>,
  cost: AttemptCost,
): EndedStep {
  return {
    stepId: step.id,
    attempt: step.attempt,
    status: end.status,
    output: end.status === 'COMPLETED' ? end.output : null,
    error: errorOf(end),
    ...cost.totals(),
  };
}

export function startedStep(step: StepState, input: Json, uses: string | null): StartedStep {
  return { stepId: step.id, attempt: step.attempt, input, uses };
}

/** Steps that the plan ends without running them. */
export function closedByPlan(state: JobState, { fail, skip }: Plan): ClosedStep[] {
  return [
    ...skip.map(
      ({ because, key }): ClosedStep => ({ stepId: state.get(key).id, status: 'SKIPPED', because, error: null }),
    ),
    ...fail.map(({ category, key, message }): ClosedStep => {
      return { stepId: state.get(key).id, status: 'FAILED', because: null, error: { category, message } };
    }),
  ];
}

/** The last change of a job that was cancelled: what ended meanwhile, and everything that will not run any more. */
export function cancelChange(state: JobState, ended: readonly EndedStep[]): Omit<JobChange, 'jobId' | 'epoch'> {
  const closed = unfinished(state, ended).map(
    ({ id }): ClosedStep => ({ stepId: id, status: 'CANCELLED', because: null, error: null }),
  );
  const settled = { status: 'CANCELLED', output: null, error: null } as const;
  return { ...atRest(state), ended: withoutRetry(ended), closed, settled };
}

/** The last change of a job that is failed as a whole, though steps of it were still to run. */
export function failedChange(
  state: JobState,
  ended: readonly EndedStep[],
  failure: { message: string; category: ErrorCategory },
  because: string,
): Omit<JobChange, 'jobId' | 'epoch'> {
  const closed = unfinished(state, ended).map(({ id }): ClosedStep => {
    return { stepId: id, status: 'SKIPPED', because, error: null };
  });
  const error = { ...failure, stepKey: null };
  return { ...atRest(state), ended: withoutRetry(ended), closed, settled: { status: 'FAILED', output: null, error } };
}

function atRest(state: JobState) {
  return { completedSteps: state.progress().completedSteps, currentStepKey: null, stepPercent: 0 };
}

function withoutRetry(ended: readonly EndedStep[]): EndedStep[] {
  return ended.map(({ again: _again, ...step }) => step);
}

/** For the database they are PENDING still; those that have just ended are told about as such. */
function unfinished(state: JobState, ended: readonly EndedStep[]): StepState[] {
  const told = new Set(ended.map(({ stepId }) => stepId));
  return state.steps.filter(
    ({ id, status, waitsForRetry }) => !told.has(id) && (status === 'PENDING' || status === 'WAITING' || waitsForRetry),
  );
}

function errorOf(end: AttemptEnd): EndedStep['error'] {
  if (end.status === 'FAILED') return { message: end.failure.message, category: end.failure.category };
  if (end.status === 'CANCELLED') return { message: 'The job was cancelled.', category: 'CANCELLED' };
  return null;
}
