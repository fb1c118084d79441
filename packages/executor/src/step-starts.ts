import type { Json } from '@signalbox/core/json';
import type { ClaimedJob } from '@signalbox/db/executions';
import { StepFailure } from '@signalbox/plugin-sdk';
import { runAttempt } from './attempt.ts';
import { AttemptCost } from './attempt-cost.ts';
import type { AttemptEnd } from './attempt-end.ts';
import type { ExecutorParts } from './executor-parts.ts';
import type { HeldLease } from './held-jobs.ts';
import { type StartedStep, startedStep } from './job-changes.ts';
import type { JobLog } from './job-log.ts';
import type { JobSecrets } from './job-secrets.ts';
import type { JobState, StepState } from './job-state.ts';
import { failureOf } from './step-failure.ts';
import { prepareInput } from './step-input.ts';
import { StepLog } from './step-log.ts';

/** An attempt that is ready to run once the database knows that it started. */
export interface ReadyAttempt {
  step: StepState;
  started: StartedStep;
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
  readonly #lease: Pick<HeldLease, 'stop' | 'pause'>;
  readonly #secrets: JobSecrets;

  constructor(
    parts: ExecutorParts,
    job: ClaimedJob,
    state: JobState,
    log: JobLog,
    lease: Pick<HeldLease, 'stop' | 'pause'>,
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
    step.percent = 0;
    step.uses = undefined;
    step.waitsForRetry = false;
    step.status = 'RUNNING';
    const cost = new AttemptCost();
    const { mask } = this.#secrets;
    const log = new StepLog(this.#log, mask, { key: step.key, attempt: step.attempt, size: step.logSize });
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
        stop: this.#lease.stop,
        pause: this.#lease.pause,
        secrets: this.#secrets,
      };
      const run = (onProgress: (percent: number) => void) => runAttempt({ ...options, onProgress });
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
