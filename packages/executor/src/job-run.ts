import { MOST_AT_ONCE } from '@signalbox/core/item-plan';
import type { ClaimedJob } from '@signalbox/db/executions';
import { failpoint } from '@signalbox/db/failpoints';
import type { JobChange } from '@signalbox/db/job-change';
import { resumeWaits } from '@signalbox/db/waits';
import { AttemptCost } from './attempt-cost.ts';
import type { AttemptEnd } from './attempt-end.ts';
import type { ExecutorParts } from './executor-parts.ts';
import type { HeldLease } from './held-jobs.ts';
import { closedByPlan, type EndedStep, expandedByPlan } from './job-changes.ts';
import { endJob, letJobWait, pauseJob } from './job-ending.ts';
import type { JobLog } from './job-log.ts';
import { JobSecrets } from './job-secrets.ts';
import { JobState, type StepState } from './job-state.ts';
import { watchJobTimeout } from './job-timeout.ts';
import { JobWaits, type ParkedAttempt } from './job-waits.ts';
import { Mailbox } from './mailbox.ts';
import { maskedChange } from './masked-change.ts';
import { ProgressReports } from './progress-reports.ts';
import { RetryTimers } from './retry-timers.ts';
import { type EndedAttempt, StepResults } from './step-results.ts';
import { type ReadyAttempt, StepStarts } from './step-starts.ts';
import { throughOutages } from './through-outages.ts';

type Message =
  | { kind: 'ended'; attempt: ReadyAttempt; end: AttemptEnd }
  | { kind: 'retry'; step: StepState }
  /** Something is asked of the job, or no longer; or a wait may be over. */
  | { kind: 'look' };

/** A job of which nothing runs is kept for so long when then a step is tried again. */
const KEPT_FOR_RETRY_MS = 5_000;

/** The life of a held job: plan, start, wait for what ends, record both in one change, and so on until nothing is left. */
export class JobRun {
  readonly state: JobState;
  readonly #parts: ExecutorParts;
  readonly #job: ClaimedJob;
  readonly #lease: HeldLease;
  readonly #log: JobLog;
  readonly #secrets: JobSecrets;
  readonly #starts: StepStarts;
  readonly #inbox = new Mailbox<Message>();
  readonly #running = new Set<ReadyAttempt>();
  readonly #retries = new RetryTimers((step) => this.#inbox.push({ kind: 'retry', step }));
  readonly #waits: JobWaits;
  readonly #results: StepResults;
  readonly #progress = new ProgressReports(() => this.#reportProgress());
  /** What has ended and is not known to be stored. */
  #unrecorded: EndedStep[] = [];
  /** What came to a wait that the database does not know of yet. */
  #parked: ParkedAttempt[] = [];

  constructor(parts: ExecutorParts, job: ClaimedJob, lease: HeldLease, log: JobLog) {
    this.#parts = parts;
    this.#job = job;
    this.#lease = lease;
    this.#log = log;
    this.state = new JobState(job);
    this.#secrets = new JobSecrets(parts.secrets, job);
    this.#starts = new StepStarts(parts, job, this.state, log, lease, this.#secrets);
    const { mask } = this.#secrets;
    this.#waits = new JobWaits(parts, job, lease, this.state, mask, () => this.#inbox.push({ kind: 'look' }));
    this.#results = new StepResults(lease.stop, this.#waits, this.#retries);
  }

  /** Resolves when the job is settled, handed back or lost. */
  async run(): Promise<void> {
    const unwatch = watchJobTimeout(this.#job, this.#lease.stop);
    const look = () => this.#inbox.push({ kind: 'look' });
    const { pause, stop, wakes } = this.#lease;
    const unlisten = [stop, pause, wakes].map((asked) => asked.listen(look));
    if (this.#job.cancelRequestedAt) stop.ask(this.#job.cancelForced ? 'forced' : 'cancelled');
    try {
      if (await this.#goOn()) await this.#end();
    } catch (error) {
      this.#parts.logger.error({ err: error, jobId: this.#job.id }, 'a job cannot go on');
      await this.#end(error);
    } finally {
      unwatch();
      for (const end of unlisten) end();
      this.#retries.clear();
      this.#waits.close();
    }
  }

  /** Until the job is settled or put down: false; or until it must stop. */
  async #goOn(): Promise<boolean> {
    let messages: Message[] = [];
    for (;;) {
      // Before anything that can break: they are out of the mailbox.
      const ended = this.#absorb(messages);
      this.#unrecorded = ended;
      await this.#readSecrets();
      if (this.#lease.stop.reason === undefined) ended.push(...(await this.#mindWaits()));
      if (this.#lease.stop.reason !== undefined) return true;
      const change = this.#nextChange(ended, messages);
      if (change && !(await this.#record(change))) return true;
      await this.#waits.endAbandoned();
      if (change?.settled) return false;
      if (this.#lease.pause.asked && this.#running.size === 0 && (await this.#pause())) return false;
      // Only steps that the database knows can start.
      if (change?.expanded) messages = [];
      else if (this.#isIdle && (await this.#wait())) return false;
      else messages = await this.#inbox.take();
    }
  }

  /** What steps that start next may ask for. */
  async #readSecrets(): Promise<void> {
    const { lost } = this.#lease.stop;
    try {
      await throughOutages(async () => this.#secrets.refresh(), lost);
    } catch (error) {
      if (!lost.aborted) throw error;
    }
  }

  /** Everything that ended goes into the state first, so that the plan sees it. */
  #absorb(messages: readonly Message[]): EndedStep[] {
    const ended: EndedStep[] = [];
    for (const message of messages) {
      if (message.kind !== 'ended') continue;
      const { attempt, end } = message;
      this.#running.delete(attempt);
      if (end.status === 'WAITING') {
        attempt.step.status = 'WAITING';
        this.#parked.push({ attempt, end });
        continue;
      }
      const record = this.#results.take(attempt, end);
      if (record) ended.push(record);
    }
    return ended;
  }

  /** Lets waits begin, and goes on with steps whose waits are over. Gives what has ended by that. */
  async #mindWaits(): Promise<EndedStep[]> {
    const ended = await this.#beginWaits();
    await this.#waits.refresh();
    if (this.#lease.pause.asked) return ended;
    const resumed: ReadyAttempt[] = [];
    for (const over of this.#waits.takeOver()) {
      const { step } = over;
      if (over.next === 'retry') this.#retries.set(step, 0);
      else if (over.next === 'resume') resumed.push(this.#starts.resumed(over));
      else ended.push(...this.#endWaiting({ step, log: this.#starts.logOf(step), cost: new AttemptCost() }, over.end));
    }
    if (resumed.length > 0) await this.#resume(resumed);
    return ended;
  }

  async #beginWaits(): Promise<EndedStep[]> {
    const ended: EndedStep[] = [];
    for (const parked of this.#parked.splice(0)) {
      const failure = await this.#waits.begin(parked);
      if (failure) ended.push(...this.#endWaiting(parked.attempt, { status: 'FAILED', failure }));
    }
    return ended;
  }

  #endWaiting(attempt: EndedAttempt, end: Exclude<AttemptEnd, { status: 'WAITING' }>): EndedStep[] {
    const record = this.#results.take(attempt, end);
    return record ? [record] : [];
  }

  async #resume(resumed: readonly ReadyAttempt[]): Promise<void> {
    const { db } = this.#parts;
    const ids = resumed.map(({ step }) => step.id);
    if (!(await throughOutages(() => resumeWaits(db, this.#lease, ids), this.#lease.stop.lost))) {
      this.#lost();
      return;
    }
    for (const attempt of resumed) {
      this.#running.add(attempt);
      this.#launch(attempt);
    }
  }

  /** Nothing of the job can run for a while. */
  get #isIdle(): boolean {
    if (this.#running.size > 0 || this.#lease.pause.asked || !this.#inbox.isEmpty) return false;
    if (this.#retries.size > 0) return this.#retries.nextInMs > KEPT_FOR_RETRY_MS;
    return this.state.steps.some(({ status }) => status === 'WAITING');
  }

  /** False when the job goes on after all, or has to end. */
  async #wait(): Promise<boolean> {
    const { wakes } = this.#waits;
    const retries = this.#retries.parked();
    this.#progress.drop();
    if (wakes !== undefined) {
      const { db, logger } = this.#parts;
      if (await letJobWait({ db, logger, lease: this.#lease, log: this.#log }, wakes, retries)) {
        const next = Math.min(this.#waits.nextInMs ?? Infinity, ...retries.map(({ inMs }) => inMs));
        this.#parts.wakes.setAlarm(this.#job.id, next);
        return true;
      }
    } else {
      this.#waits.began();
    }
    this.#inbox.push({ kind: 'look' });
    return false;
  }

  #nextChange(ended: EndedStep[], messages: readonly Message[]): Omit<JobChange, 'jobId' | 'epoch'> | undefined {
    const pausing = this.#lease.pause.asked;
    if (pausing) this.#retries.forget(this.state.steps);
    const plan = this.state.plan();
    const closed = closedByPlan(this.state, plan);
    for (const { key } of plan.skip) this.state.get(key).status = 'SKIPPED';
    for (const { key, output } of plan.complete ?? [])
      Object.assign(this.state.get(key), { status: 'COMPLETED', output });
    for (const { category, key, message } of plan.fail) {
      Object.assign(this.state.get(key), { status: 'FAILED', error: { category, message } });
      const said = {
        level: 'ERROR',
        stream: 'SYSTEM',
        message: this.#secrets.mask.text(`Step failed (${category}): ${message}`),
      } as const;
      this.#log.append({ ...said, at: new Date(), stepKey: key, attempt: null });
    }
    const due = messages.flatMap((message) =>
      message.kind === 'retry' && message.step.waitsForRetry ? [message.step] : [],
    );
    const ready = (pausing ? [] : [...due, ...plan.start.map((key) => this.state.get(key))])
      .slice(0, Math.max(due.length, MOST_AT_ONCE - this.#running.size))
      .map((step) => this.#starts.ready(step));
    for (const attempt of ready) this.#running.add(attempt);
    if (ended.length + closed.length + ready.length === 0 && !plan.done && !plan.expand) return undefined;
    const started = ready.map((attempt) => attempt.started);
    const expanded = expandedByPlan(this.state, plan);
    return {
      ...this.state.progress(),
      ended,
      closed,
      started,
      ...expanded,
      ...(plan.done && { settled: settledBy(plan.done) }),
    };
  }

  /** False when the job goes on after all, or has to end. */
  async #pause(): Promise<boolean> {
    this.#progress.drop();
    const { db, logger, signals } = this.#parts;
    const paused = await pauseJob({ db, logger, lease: this.#lease, log: this.#log });
    if (paused) signals.send('logged', this.#job.id);
    else this.#inbox.push({ kind: 'look' });
    return paused;
  }

  /** False when the job was lost. Attempts begin once the database knows of them. */
  async #record(change: Omit<JobChange, 'jobId' | 'epoch'>): Promise<boolean> {
    const fresh = [...this.#running].filter((attempt) => change.started?.includes(attempt.started));
    let stored = false;
    try {
      stored = await this.#write(change);
    } finally {
      if (!stored) for (const attempt of fresh) this.#putBack(attempt);
    }
    this.#unrecorded = [];
    if (stored) for (const attempt of fresh) this.#launch(attempt);
    return stored;
  }

  #putBack(attempt: ReadyAttempt): void {
    this.#running.delete(attempt);
    attempt.step.status = 'PENDING';
  }

  async #write(change: Omit<JobChange, 'jobId' | 'epoch'>): Promise<boolean> {
    if (change.settled) {
      this.#progress.close();
      if (!(await this.#log.flush())) return this.#lost();
      if (failpoint) await failpoint('before-settle');
      this.#lease.settling = true;
    }
    const { epoch, executionId, jobId, stop, usage } = this.#lease;
    const masked = maskedChange(change, this.#secrets.mask);
    try {
      if (!(await this.#parts.changes.write({ ...masked, jobId, epoch, executionId, usage }, stop.lost)))
        return this.#lost();
    } catch (error) {
      if (change.ended) this.#unrecorded = change.ended.map(unstorable);
      throw error;
    }
    this.#lease.settled ??= change.settled?.status;
    return true;
  }

  #lost(): false {
    this.#lease.stop.ask('lease-lost');
    return false;
  }

  #launch(attempt: ReadyAttempt): void {
    const onProgress = (percent: number) => {
      if (!this.#running.has(attempt)) return;
      attempt.step.percent = percent;
      this.#progress.changed();
    };
    void attempt.run(onProgress).then((end) => this.#inbox.push({ kind: 'ended', attempt, end }));
  }

  #reportProgress(): void {
    this.#write(this.state.progress()).catch((error: unknown) => {
      this.#parts.logger.warn({ err: error, jobId: this.#job.id }, 'progress could not be stored');
    });
  }

  /** Waits until nothing of the job runs, and settles it, hands it back or leaves it to its new owner. */
  async #end(broken?: unknown): Promise<void> {
    if (broken !== undefined) this.#lease.stop.ask('forced');
    const all = this.#unrecorded;
    while (this.#running.size > 0) all.push(...this.#absorb(await this.#inbox.take()));
    if (this.#isHandedBack) all.push(...(await this.#beginWaits()));
    this.#progress.close();
    const { db, logger } = this.#parts;
    const ending = { db, logger, lease: this.#lease, log: this.#log, state: this.state, broken: broken !== undefined };
    // A job that reached its end by itself while it was asked to stop is simply done.
    const last =
      ending.broken || this.#results.cutShort || !this.state.plan().done ? undefined : this.#nextChange(all, []);
    if (last && this.#lease.stop.reason !== 'lease-lost') await this.#write(last);
    else await endJob({ ...ending, write: (change) => this.#write(change) }, all);
    if (!this.#isHandedBack && this.#lease.stop.reason !== 'lease-lost') await this.#waits.endAll();
  }

  /** It stops for the sake of this worker only. */
  get #isHandedBack(): boolean {
    return this.#lease.stop.reason === 'shutdown' || this.#lease.stop.reason === 'hurry';
  }
}

/** What is told about an attempt whose result the database did not take. */
function unstorable({ again: _again, ...step }: EndedStep): EndedStep {
  const error = { message: 'The result of the step could not be stored.', category: 'INTERNAL' } as const;
  return { ...step, status: 'FAILED', output: null, error };
}

function settledBy(done: NonNullable<ReturnType<JobState['plan']>['done']>): NonNullable<JobChange['settled']> {
  if (done.status === 'COMPLETED') return { status: 'COMPLETED', output: done.output, error: null };
  return { status: 'FAILED', output: null, error: done.error };
}
