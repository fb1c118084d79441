import { type OpenWait, readWaits } from '@signalbox/db/waits';
import { stepTimedOut } from './attempt.ts';
import type { AttemptEnd } from './attempt-end.ts';
import type { ResumedAttempt } from './attempt-options.ts';
import type { ExecutorParts } from './executor-parts.ts';
import type { HeldLease } from './held-jobs.ts';
import type { JobState, StepState } from './job-state.ts';
import { throughOutages } from './through-outages.ts';
import { endOfChild } from './workflow-step.ts';

/** A wait that is over: the step is tried again, goes on, or has come to its end by it. */
export type OverWait = { step: StepState } & (
  | { next: 'retry' }
  | { next: 'resume'; resumed: ResumedAttempt }
  | { next: 'end'; end: Exclude<AttemptEnd, { status: 'WAITING' }> }
);

/** Timers cannot wait longer; when one ends too early the database is asked, and it is set again. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What the steps of a held job wait for. The database knows; it is asked when a wait began, may have ended, or its time has come. */
export class StepWaits {
  readonly #parts: Pick<ExecutorParts, 'db'>;
  readonly #lease: HeldLease;
  readonly #state: JobState;
  readonly #onDue: () => void;
  readonly #open = new Map<StepState, OpenWait>();
  /** Over, but the step was stopped before it could end. */
  readonly #kept = new Map<StepState, OverWait>();
  #wakes: number | undefined;
  #stale: boolean;
  #timer: NodeJS.Timeout | undefined;

  /** @param onDue called when the time of a wait has come */
  constructor(parts: Pick<ExecutorParts, 'db'>, lease: HeldLease, state: JobState, onDue: () => void) {
    this.#parts = parts;
    this.#lease = lease;
    this.#state = state;
    this.#onDue = onDue;
    this.#stale = state.steps.some(({ status }) => status === 'WAITING');
  }

  /** Milliseconds until the first of them goes on by itself; undefined when none does. */
  get nextInMs(): number | undefined {
    const moments = [...this.#open.values()].flatMap(({ inMs }) => (inMs === null ? [] : [inMs]));
    return moments.length > 0 ? Math.min(...moments) : undefined;
  }

  /** A wait began: it is to be looked at. */
  began(): void {
    this.#stale = true;
  }

  /** The step stopped before its attempt could end: it goes on once more with the same. */
  keep(over: OverWait): void {
    this.#kept.set(over.step, over);
  }

  /** Asks the database when there may be news. */
  async refresh(): Promise<void> {
    const known = this.#wakes ?? 0;
    const heard = this.#open.size > 0 && this.#lease.wakes.count > known;
    if (this.#stale || heard) await this.#read();
  }

  /** How many ends of waits are known: with this the job is put down. Undefined until the database was asked. */
  get wakes(): number | undefined {
    return this.#wakes;
  }

  /** Those that are over; they are waits no longer. */
  takeOver(): OverWait[] {
    const over = [...this.#kept.values()];
    this.#kept.clear();
    for (const [step, wait] of this.#open) {
      const ended = overWait(step, wait);
      if (!ended) continue;
      this.#open.delete(step);
      over.push(ended);
    }
    return over;
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async #read(): Promise<void> {
    const { db } = this.#parts;
    const { wakes, waits } = await throughOutages(() => readWaits(db, this.#lease.jobId), this.#lease.stop.lost);
    this.#stale = false;
    this.#wakes = wakes;
    this.#open.clear();
    const byId = new Map(this.#state.steps.map((step) => [step.id, step]));
    for (const wait of waits) {
      const step = byId.get(wait.stepId);
      // What has gone on meanwhile waits for the database only until that is recorded.
      if (step?.status === 'WAITING') this.#open.set(step, wait);
    }
    this.#setTimer();
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const next = this.nextInMs;
    if (next === undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#stale = true;
        this.#onDue();
      },
      Math.min(LONGEST_TIMER_MS, Math.max(0, Math.ceil(next))),
    );
  }
}

function overWait(step: StepState, wait: OpenWait): OverWait | undefined {
  const { child, decision, inMs, kind } = wait;
  const timeLeftMs = wait.timeLeftMs ?? undefined;
  if (decision) {
    const { approved, comment, decidedAt, form } = decision;
    const resume = {
      approved,
      decidedAt: new Date(decidedAt).toISOString(),
      ...(comment !== null && { comment }),
      ...(form && { form }),
    };
    return { step, next: 'resume', resumed: { resume, timeLeftMs } };
  }
  if (child) return { step, next: 'end', end: endOfChild(child) };
  if (inMs === null || inMs > 0) return undefined;
  if (kind === 'RETRY') return { step, next: 'retry' };
  // The time of the attempt was up before anything else happened.
  if (timeLeftMs !== undefined && timeLeftMs <= 0)
    return { step, next: 'end', end: stepTimedOut(step.definition.timeoutMs) };
  if (kind === 'JOB') return { step, next: 'end', end: CHILD_GONE };
  return { step, next: 'resume', resumed: { resume: {}, timeLeftMs } };
}

const CHILD_GONE = {
  status: 'FAILED',
  failure: { message: 'The job that the step waited for was deleted, or goes on for itself.', category: 'CANCELLED' },
} as const;
