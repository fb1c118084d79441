import { EventEmitter } from 'node:events';
import type { Database } from '@signalbox/db/client';
import { isId } from '@signalbox/db/ids';
import { nextCriticalJob, taskIdentifier } from '@signalbox/db/queue';
import { WAKE_TASK } from '@signalbox/db/wake-tasks';
import { Logger as QueueLogger, runTaskList, type WorkerEvents, type WorkerPool } from 'graphile-worker';
import type { Logger } from 'pino';
import { CriticalLane } from './critical-lane.ts';

/** New tasks are told about at once; polling only finds those whose telling got lost. Each free place of the cap polls. */
const POLL_MS = 2_000;
const SLOWEST_POLL_MS = 10_000;
const POLL_MS_PER_PLACE = 100;

export interface QueueOptions {
  db: Database;
  queues: readonly string[];
  /** Jobs at the same time; a task lasts as long as its job is held. */
  concurrency: number;
  /** On top of these, for CRITICAL jobs only. */
  criticalSlots: number;
  logger: Logger;
  run(jobId: string): Promise<void>;
  /** Queues a job if what it waits for has come. */
  wake(jobId: string): Promise<void>;
  /** The queue ended though nobody stopped it. */
  onBroken(error: unknown): void;
}

/** Takes wake-up calls from the queue library. They only say which job to look at: claiming it decides. */
export class Queue {
  readonly #options: QueueOptions;
  readonly #lane: CriticalLane;
  #taken = 0;
  #pool: WorkerPool | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: QueueOptions) {
    this.#options = options;
    const { criticalSlots, db, logger, queues, run } = options;
    const find = () => nextCriticalJob(db, queues);
    this.#lane = new CriticalLane({ places: criticalSlots, isNeeded: () => this.#isFull(), find, run, logger });
  }

  start(): void {
    const { concurrency, db, logger, onBroken, queues, wake } = this.#options;
    const handle = (payload: unknown) => this.#handle(payload, (jobId) => this.#run(jobId));
    const tasks = Object.fromEntries(queues.map((queue) => [taskIdentifier(queue), handle]));
    tasks[WAKE_TASK] = (payload) => this.#handle(payload, wake);
    const pollInterval = Math.min(SLOWEST_POLL_MS, Math.max(POLL_MS, concurrency * POLL_MS_PER_PLACE));
    const events: WorkerEvents = new EventEmitter();
    events.on('pool:listen:notification', () => this.#lane.hint());
    const options = { concurrency, noHandleSignals: true, pollInterval, logger: queueLogger(logger), events };
    this.#pool = runTaskList(options, tasks, db.pool);
    this.#lane.start(pollInterval);
    this.#pool.promise.then(
      () => this.#stopping ?? onBroken(new Error('the queue stopped by itself')),
      (error: unknown) => this.#stopping ?? onBroken(error),
    );
  }

  /** Takes nothing new from now on; resolves when the jobs that were taken are no longer held. */
  stop(): Promise<void> {
    this.#stopping ??= this.#drain();
    return this.#stopping;
  }

  async #drain(): Promise<void> {
    const laneEmpty = this.#lane.stop();
    try {
      await this.#pool?.gracefulShutdown();
    } catch (error) {
      // What could not be told to the queue is harmless: a task that comes again finds its job claimed or done.
      this.#options.logger.debug({ err: error }, 'the queue did not end cleanly');
    }
    await laneEmpty;
  }

  async #handle(payload: unknown, work: (jobId: string) => Promise<void>): Promise<void> {
    const jobId = typeof payload === 'object' && payload !== null && 'jobId' in payload ? payload.jobId : undefined;
    if (typeof jobId === 'string' && isId(jobId)) await work(jobId);
    else this.#options.logger.error({ payload }, 'a queue task names no job; it is dropped');
  }

  async #run(jobId: string): Promise<void> {
    this.#taken += 1;
    if (this.#isFull()) this.#lane.needed();
    try {
      await this.#options.run(jobId);
    } finally {
      this.#taken -= 1;
    }
  }

  #isFull(): boolean {
    return this.#taken >= this.#options.concurrency;
  }
}

/** What the queue library has to say is of use to its debugging only, but for its troubles. */
function queueLogger(logger: Logger): QueueLogger {
  return new QueueLogger(() => (level, message) => {
    if (level === 'error' || level === 'warning') logger.warn({ source: 'queue' }, message);
    else logger.debug({ source: 'queue' }, message);
  });
}
