import type { Json } from '@signalbox/core/json';
import type { Plan } from '@signalbox/core/planned';
import type { ErrorCategory } from '@signalbox/core/statuses';
import type { JobChange } from '@signalbox/db/job-change';
import { AttemptCost } from './attempt-cost.ts';
import type { AttemptEnd } from './attempt-end.ts';
import type { JobState, StepState } from './job-state.ts';

export type EndedStep = NonNullable<JobChange['ended']>[number];
export type ClosedStep = NonNullable<JobChange['closed']>[number];
export type StartedStep = NonNullable<JobChange['started']>[number];

/** What the database is told about an attempt that ended. An attempt that was only stopped has nothing to tell. */
export function endedStep(
  step: StepState,
  end: Exclude<AttemptEnd, { status: 'STOPPED' | 'WAITING' }>,
  cost: AttemptCost,
): EndedStep {
  return {
    stepId: step.id,
    attempt: step.attempt,
    status: end.status === 'PAUSED' ? 'CANCELLED' : end.status,
    output: end.status === 'COMPLETED' ? end.output : null,
    error: errorOf(end),
    ...(step.uses !== undefined && { uses: step.uses }),
    ...cost.totals(),
  };
}

export function startedStep(step: StepState, input: Json, uses: string | null): StartedStep {
  return { stepId: step.id, attempt: step.attempt, input, uses };
}

/** Steps that the plan ends without running them. */
export function closedByPlan(state: JobState, { complete = [], fail, skip }: Plan): ClosedStep[] {
  return [
    ...complete.map(
      ({ key, output }): ClosedStep => ({
        stepId: state.get(key).id,
        status: 'COMPLETED',
        output,
        because: null,
        error: null,
      }),
    ),
    ...skip.map(
      ({ because, key }): ClosedStep => ({ stepId: state.get(key).id, status: 'SKIPPED', because, error: null }),
    ),
    ...fail.map(({ category, key, message }): ClosedStep => {
      return { stepId: state.get(key).id, status: 'FAILED', because: null, error: { category, message } };
    }),
  ];
}

/** Makes the items of forEach steps that begin: part of the state at once, and of the database with this change. */
export function expandedByPlan(state: JobState, { expand }: Plan): Pick<JobChange, 'expanded' | 'totalSteps'> {
  if (!expand) return {};
  const expanded = expand.map(({ items, key }) => {
    const { definition, id } = state.get(key);
    const named = (itemKey: string) => definition.name + itemKey.slice(key.length);
    state.get(key).status = 'RUNNING';
    const added = state.addItems(key, items);
    return {
      stepId: id,
      items: added.map((step, index) => {
        return {
          id: step.id,
          key: step.key,
          name: named(step.key),
          position: index + 1,
          item: step.item?.value ?? null,
        };
      }),
    };
  });
  return { expanded, totalSteps: state.steps.length };
}

/** The last change of a job that was cancelled: what ended meanwhile, and everything that will not run any more. */
export function cancelChange(state: JobState, ended: readonly EndedStep[]): Omit<JobChange, 'jobId' | 'epoch'> {
  const closed = unfinished(state, ended).map(
    ({ id }): ClosedStep => ({ stepId: id, status: 'CANCELLED', because: null, error: null }),
  );
  const settled = { status: 'CANCELLED', output: null, error: null } as const;
  const all = [...withoutRetry(ended), ...endedWaits(state, ended, 'The job was cancelled.')];
  return { ...atRest(state), ended: all, closed, settled };
}

/** The last change of a job that is failed as a whole, though steps of it were still to run. */
export function failedChange(
  state: JobState,
  ended: readonly EndedStep[],
  failure: { message: string; category: ErrorCategory },
  because: string,
): Omit<JobChange, 'jobId' | 'epoch'> {
  const closed = unfinished(state, ended).map(({ id, isList, status }): ClosedStep => {
    if (isList && status === 'RUNNING') return { stepId: id, status: 'FAILED', because: null, error: failure };
    return { stepId: id, status: 'SKIPPED', because, error: null };
  });
  const error = { ...failure, stepKey: null };
  const all = [...withoutRetry(ended), ...endedWaits(state, ended, `It waited when ${because}.`)];
  return { ...atRest(state), ended: all, closed, settled: { status: 'FAILED', output: null, error } };
}

/** Attempts that wait, or wait for all that this executor knows. */
function endedWaits(state: JobState, ended: readonly EndedStep[], message: string): EndedStep[] {
  const told = new Set(ended.map(({ stepId }) => stepId));
  const waiting = state.steps.filter(({ id, status }) => status === 'WAITING' && !told.has(id));
  const error = { message, category: 'CANCELLED' } as const;
  return waiting.map(({ attempt, id }) => {
    return { stepId: id, attempt, status: 'CANCELLED', output: null, error, ...new AttemptCost().totals() };
  });
}

function atRest(state: JobState) {
  return { completedSteps: state.progress().completedSteps, currentStepKey: null, stepPercent: 0 };
}

function withoutRetry(ended: readonly EndedStep[]): EndedStep[] {
  return ended.map(({ again: _again, ...step }) => step);
}

/** For the database nothing runs of them; those that have just ended are told about as such. */
function unfinished(state: JobState, ended: readonly EndedStep[]): StepState[] {
  const told = new Set(ended.map(({ stepId }) => stepId));
  return state.steps.filter(
    ({ id, isList, status, waitsForRetry }) =>
      !told.has(id) && (status === 'PENDING' || waitsForRetry || (isList && status === 'RUNNING')),
  );
}

function errorOf(end: AttemptEnd): EndedStep['error'] {
  if (end.status === 'FAILED') return { message: end.failure.message, category: end.failure.category };
  if (end.status === 'PAUSED')
    return { message: 'The job was paused; the step starts again when it goes on.', category: 'CANCELLED' };
  if (end.status === 'CANCELLED') return { message: 'The job was cancelled.', category: 'CANCELLED' };
  return null;
}
