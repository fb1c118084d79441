import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { backoffDelay } from '@signalbox/db/backoff';
import type { Database } from '@signalbox/db/client';
import { failpoint } from '@signalbox/db/failpoints';
import type { JobChange } from '@signalbox/db/job-change';
import { isPassing } from '@signalbox/db/outage';
import { recordChanges } from '@signalbox/db/progress';
import type { Logger } from 'pino';

/** More in one statement gain nothing any more. */
const MOST_CHANGES = 200;

interface Entry {
  change: JobChange;
  resolve(ours: boolean): void;
  reject(error: unknown): void;
  /** Nobody waits for it any more. */
  abandoned: boolean;
}

/**
 * The one writer of job changes in this process: whatever is ready goes down in one statement, the next batch when that one
 * has committed, without a timer. Changes of the same job keep their order.
 */
export class ChangeWriter {
  readonly #db: Database;
  readonly #logger: Logger;
  readonly #onRecorded: (change: JobChange) => void;
  #pending: Entry[] = [];
  #writing = false;

  constructor(db: Database, logger: Logger, onRecorded: (change: JobChange) => void) {
    this.#db = db;
    this.#logger = logger;
    this.#onRecorded = onRecorded;
  }

  /**
   * Resolves when the change is stored: true when the job still belongs to this executor, false when it was lost and nothing
   * was stored. Waits through an outage of the database until `abandon` is aborted, and then resolves to false.
   */
  async write(change: JobChange, abandon: AbortSignal): Promise<boolean> {
    if (abandon.aborted) return false;
    const { promise, reject, resolve } = Promise.withResolvers<boolean>();
    const entry: Entry = { change, resolve, reject, abandoned: false };
    const giveUp = () => {
      entry.abandoned = true;
      resolve(false);
    };
    abandon.addEventListener('abort', giveUp, { once: true });
    this.#pending.push(entry);
    if (!this.#writing) void this.#writeAll();
    try {
      return await promise;
    } finally {
      // The signal lives as long as the job, which may have very many changes.
      abandon.removeEventListener('abort', giveUp);
    }
  }

  async #writeAll(): Promise<void> {
    this.#writing = true;
    for (;;) {
      // Whatever this turn of the event loop brings goes along, such as the next steps of the jobs that were written just now.
      await nextTurn();
      const batch = this.#takeBatch();
      if (batch.length === 0) break;
      await this.#store(batch);
    }
    this.#writing = false;
  }

  /** At most one change of each job: a statement updates a row only once. */
  #takeBatch(): Entry[] {
    const batch = new Map<string, Entry>();
    this.#pending = this.#pending.filter((entry) => {
      if (entry.abandoned) return false;
      if (batch.size >= MOST_CHANGES || batch.has(entry.change.jobId)) return true;
      batch.set(entry.change.jobId, entry);
      return false;
    });
    return [...batch.values()];
  }

  async #store(batch: Entry[]): Promise<void> {
    let open = batch;
    for (let failures = 0; open.length > 0; failures += 1) {
      try {
        if (failpoint) await failpoint('before-record');
        const ours = await recordChanges(
          this.#db,
          open.map((entry) => entry.change),
        );
        if (failpoint) await failpoint('after-record');
        for (const { change, resolve } of open) {
          resolve(ours.has(change.jobId));
          if (ours.has(change.jobId)) this.#onRecorded(change);
        }
        return;
      } catch (error) {
        if (!isPassing(error)) return this.#isolate(open, error);
        if (failures === 0)
          this.#logger.warn({ err: error, jobs: open.length }, 'changes of jobs wait for the database');
        await delay(backoffDelay(failures));
        open = open.filter((entry) => !entry.abandoned);
      }
    }
  }

  /** One change that cannot be stored must not hold up those of other jobs. */
  async #isolate(batch: Entry[], error: unknown): Promise<void> {
    if (batch.length > 1) for (const entry of batch) await this.#store([entry]);
    else batch[0]?.reject(error);
  }
}
