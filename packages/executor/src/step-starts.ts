import type { Json } from '@signalbox/core/json';
import type { ClaimedJob } from '@signalbox/db/executions';
import { StepFailure } from '@signalbox/plugin-sdk';
import { runAttempt } from './attempt.ts';
import { AttemptCost } from './attempt-cost.ts';
import type { AttemptEnd } from './attempt-end.ts';
import type { ResumedAttempt } from './attempt-options.ts';
import type { ExecutorParts } from './executor-parts.ts';
import type { HeldLease } from './held-jobs.ts';
import { type StartedStep, startedStep } from './job-changes.ts';
import type { JobLog } from './job-log.ts';
import type { JobSecrets } from './job-secrets.ts';
import type { JobState, StepState } from './job-state.ts';
import { failureOf } from './step-failure.ts';
import { prepareInput } from './step-input.ts';
import { StepLog } from './step-log.ts';
import type { OverWait } from './step-waits.ts';
import { UsageMeter } from './usage-meter.ts';
import { childRequest, workflowStep } from './workflow-step.ts';

/** An attempt that is ready to run once the database knows that it started, or goes on. */
export interface ReadyAttempt {
  step: StepState;
  started: StartedStep;
  /** Set when it goes on after a wait. */
  over?: OverWait;
  log: StepLog;
  cost: AttemptCost;
  run(onProgress: (percent: number) => void): Promise<AttemptEnd>;
}

/** Makes the attempts of one job ready. */
export class StepStarts {
  readonly #parts: ExecutorParts;
  readonly #job: ClaimedJob;
  readonly #state: JobState;
  readonly #log: JobLog;
  readonly #lease: Pick<HeldLease, 'stop' | 'pause' | 'meter'>;
  readonly #secrets: JobSecrets;

  constructor(
    parts: ExecutorParts,
    job: ClaimedJob,
    state: JobState,
    log: JobLog,
    lease: Pick<HeldLease, 'stop' | 'pause' | 'meter'>,
    secrets: JobSecrets,
  ) {
    this.#parts = parts;
    this.#job = job;
    this.#state = state;
    this.#log = log;
    this.#lease = lease;
    this.#secrets = secrets;
  }

  /** Counts the attempt. One whose input is wrong becomes an attempt that fails at once. */
  ready(step: StepState): ReadyAttempt {
    step.attempt += 1;
    step.waitsForRetry = false;
    return this.#prepare(step, undefined);
  }

  /** The attempt that waited, with what has come of it. */
  resumed(over: OverWait & { next: 'resume' }): ReadyAttempt {
    return { ...this.#prepare(over.step, over.resumed), over };
  }

  /** What is told and charged in the name of the present attempt. */
  logOf(step: StepState): StepLog {
    return new StepLog(this.#log, this.#secrets.mask, { key: step.key, attempt: step.attempt, size: step.logSize });
  }

  #prepare(step: StepState, resumed: ResumedAttempt | undefined): ReadyAttempt {
    step.percent = 0;
    step.uses = undefined;
    step.status = 'RUNNING';
    const cost = new AttemptCost(new UsageMeter(this.#lease.meter));
    const { mask } = this.#secrets;
    const log = this.logOf(step);
    const template: Json = step.definition.with;
    try {
      const { stepType } = this.#stepTypeOf(step);
      const secrets = this.#secrets.namedIn(step.definition.with, (message) => log.system('WARNING', message));
      const input = prepareInput(stepType, step.definition.with, { ...this.#state.scopeOf(step), secrets }, mask);
      const options = {
        parts: this.#parts,
        job: this.#job,
        step,
        number: step.attempt,
        stepType,
        input,
        log,
        cost,
        onUses: (uses: string) => {
          step.uses = uses;
        },
        timeoutMs: step.definition.timeoutMs,
        ...(resumed && { resumed }),
        budget: step.definition.budget,
        budgetStepId: this.#state.get(step.definition.key).id,
        stop: this.#lease.stop,
        pause: this.#lease.pause,
        secrets: this.#secrets,
      };
      const run = async (onProgress: (percent: number) => void): Promise<AttemptEnd> => {
        if (step.type !== workflowStep.type) return runAttempt({ ...options, onProgress });
        const wait = { kind: 'JOB', child: childRequest(input.config, mask) } as const;
        return { status: 'WAITING', wait, timeLeftMs: step.definition.timeoutMs ?? null };
      };
      return { step, started: startedStep(step, input.recorded, input.uses), log, cost, run };
    } catch (error) {
      const end: AttemptEnd = { status: 'FAILED', failure: failureOf(error, mask) };
      return { step, started: startedStep(step, template, null), log, cost, run: async () => end };
    }
  }

  #stepTypeOf(step: StepState) {
    const found = this.#parts.stepTypes.get(step.type);
    if (found) return found;
    throw new StepFailure(
      `This worker has no step type "${step.type}". Load its plugin by SIGNALBOX_PLUGINS, or correct the workflow.`,
      { category: 'CONFIGURATION', retryable: false },
    );
  }
}
