import type { AttemptEnd } from './attempt-end.ts';
import { type EndedStep, endedStep } from './job-changes.ts';
import type { JobWaits } from './job-waits.ts';
import type { RetryTimers } from './retry-timers.ts';
import { nextTry } from './step-retry.ts';
import type { ReadyAttempt } from './step-starts.ts';
import type { StopRequest } from './stop-request.ts';

export type EndedAttempt = Pick<ReadyAttempt, 'step' | 'log' | 'cost' | 'over'>;

/** What becomes of a step when an attempt of it ends: its state, a line in the log, a next try. */
export class StepResults {
  readonly #stop: StopRequest;
  readonly #waits: JobWaits;
  readonly #retries: RetryTimers;
  #cutShort = false;

  constructor(stop: StopRequest, waits: JobWaits, retries: RetryTimers) {
    this.#stop = stop;
    this.#waits = waits;
    this.#retries = retries;
  }

  /** Something was ended before it was done. */
  get cutShort(): boolean {
    return this.#cutShort;
  }

  /** Gives what the database is to be told of it; nothing when the attempt counts as if it had not been. */
  take(
    { cost, log, over, step }: EndedAttempt,
    end: Exclude<AttemptEnd, { status: 'WAITING' }>,
  ): EndedStep | undefined {
    const wasTimeUp = end.status === 'FAILED' && this.#stop.reason === 'timed-out';
    this.#cutShort ||= end.status === 'STOPPED' || end.status === 'CANCELLED' || wasTimeUp;
    if (over && (end.status === 'STOPPED' || end.status === 'PAUSED')) {
      step.status = 'WAITING';
      this.#waits.keep(over);
      return undefined;
    }
    if (end.status === 'STOPPED') {
      step.status = 'PENDING';
      return undefined;
    }
    const record = endedStep(step, end, cost);
    if (end.status === 'PAUSED') {
      step.status = 'PENDING';
      return { ...record, again: true };
    }
    step.output = record.output;
    step.error = record.error;
    step.status = end.status;
    if (end.status !== 'FAILED') return record;
    step.failures += 1;
    const pause = nextTry(step.definition.retry, step.failures, end.failure);
    const { category, message } = end.failure;
    if (pause === undefined || this.#stop.endsJob) {
      log.system('ERROR', `Step failed (${category}): ${message}`);
      return record;
    }
    log.system('WARNING', `Attempt ${step.attempt} failed (${category}), next try in ${pause / 1_000} s: ${message}`);
    this.#retries.set(step, pause);
    return { ...record, again: true };
  }
}
