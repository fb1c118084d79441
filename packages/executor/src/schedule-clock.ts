import { setTimeout as pause } from 'node:timers/promises';
import { cancelIfAlive } from '@signalbox/db/child-jobs';
import type { Database } from '@signalbox/db/client';
import { findSuperseded } from '@signalbox/db/concurrency';
import { nextScheduleInMs, runDueSchedule, type ScheduleRun } from '@signalbox/db/schedule-runs';
import type { SignalSender } from '@signalbox/db/signals';
import type { Logger } from 'pino';

/** So late at most is a schedule that was made or changed after the last look. */
const LONGEST_PAUSE_MS = 2_000;
/** One that is due and not to be had is in the hands of another executor. */
const SHORTEST_PAUSE_MS = 50;

/** Runs schedules when they are due, in every executor; who comes second finds nothing to do. */
export class ScheduleClock {
  readonly #db: Database;
  readonly #signals: SignalSender;
  readonly #logger: Logger;
  readonly #stopped = new AbortController();
  #running: Promise<void> | undefined;

  constructor(db: Database, signals: SignalSender, logger: Logger) {
    this.#db = db;
    this.#signals = signals;
    this.#logger = logger;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const nextInMs = await this.#round();
      const pauseMs = Math.min(Math.max(nextInMs, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
      await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Gives when the next one is due. */
  async #round(): Promise<number> {
    try {
      for (;;) {
        const run = this.#stopped.signal.aborted ? undefined : await runDueSchedule(this.#db);
        if (!run) break;
        await this.#tell(run);
      }
      return (await nextScheduleInMs(this.#db)) ?? LONGEST_PAUSE_MS;
    } catch (error) {
      this.#logger.warn({ err: error }, 'schedules could not be run; trying again');
      return LONGEST_PAUSE_MS;
    }
  }

  async #tell({ fault, jobId, problem, scheduleId, tenantId }: ScheduleRun): Promise<void> {
    if (jobId === undefined) {
      this.#logger.warn({ scheduleId, problem, err: fault }, 'a schedule could not make its job');
      return;
    }
    this.#signals.send('changed', jobId);
    for (const older of await findSuperseded(this.#db, tenantId, jobId)) {
      for (const asked of await cancelIfAlive(this.#db, tenantId, older, false)) {
        for (const kind of ['control', 'changed', 'logged'] as const) this.#signals.send(kind, asked);
      }
    }
  }
}
