import type { Database } from '@signalbox/db/client';
import type { SignalSender } from '@signalbox/db/signals';
import { wakeForgottenJobs, wakeJob } from '@signalbox/db/waits';
import type { Logger } from 'pino';

/** Further away than this the queue is on time by itself. */
const LONGEST_ALARM_MS = 3_600_000;
const MOST_ALARMS = 10_000;
const MOST_AT_ONCE = 500;

/**
 * Wakes jobs that wait. The queue does it on time but for its polling, and the reaper when a call got lost; the alarms here only
 * make it exact for the jobs that this process has put down.
 */
export class Wakes {
  readonly #db: Database;
  readonly #signals: SignalSender;
  readonly #logger: Logger;
  readonly #alarms = new Set<NodeJS.Timeout>();

  constructor(db: Database, signals: SignalSender, logger: Logger) {
    this.#db = db;
    this.#signals = signals;
    this.#logger = logger;
  }

  /** Wakes the job if a wait of it is over. Throws when the database does not answer. */
  async wake(jobId: string): Promise<void> {
    const woken = await wakeJob(this.#db, jobId);
    if (woken) this.#tell(woken);
  }

  async wakeForgotten(): Promise<void> {
    for (const woken of await wakeForgottenJobs(this.#db, MOST_AT_ONCE)) this.#tell(woken);
  }

  /** Wakes the job after so many milliseconds. */
  setAlarm(jobId: string, inMs: number): void {
    if (inMs > LONGEST_ALARM_MS || this.#alarms.size >= MOST_ALARMS) return;
    const alarm = setTimeout(
      () => {
        this.#alarms.delete(alarm);
        this.wake(jobId).catch((error: unknown) =>
          this.#logger.warn({ err: error, jobId }, 'a job could not be woken; the queue does it'),
        );
      },
      Math.max(0, Math.ceil(inMs)),
    );
    this.#alarms.add(alarm);
  }

  stop(): void {
    for (const alarm of this.#alarms) clearTimeout(alarm);
    this.#alarms.clear();
  }

  #tell({ id, status }: { id: string; status: string }): void {
    this.#signals.send(status === 'RUNNING' ? 'control' : 'changed', id);
  }
}
