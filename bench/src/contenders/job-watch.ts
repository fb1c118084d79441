import type { Database } from '@signalbox/db/client';
import { SignalListener } from '@signalbox/db/signals';

/** Learns of the ends of single jobs as the API does: from hints, and then from the rows. */
export class JobWatch {
  readonly #db: Database;
  readonly #listener: SignalListener;
  readonly #waiting = new Map<string, PromiseWithResolvers<void>>();

  constructor(db: Database) {
    this.#db = db;
    this.#listener = new SignalListener(db.url, ['changed'], {
      onSignal: (_kind, jobIds) => jobIds.forEach((id) => void this.#look(id)),
      onGap: () => undefined,
    });
  }

  start(): Promise<void> {
    return this.#listener.start();
  }

  /** Resolves when the job is COMPLETED; throws when it ended in another way. */
  async completed(id: string): Promise<void> {
    const waiter = Promise.withResolvers<void>();
    this.#waiting.set(id, waiter);
    // It may have ended before anybody waited for it.
    await this.#look(id);
    await waiter.promise;
    this.#waiting.delete(id);
  }

  async #look(id: string): Promise<void> {
    const waiter = this.#waiting.get(id);
    if (!waiter) return;
    try {
      const { rows } = await this.#db.pool.query<{ status: string; error: string | null }>({
        name: 'job-status',
        text: 'SELECT status, error_message AS error FROM job WHERE id = $1',
        values: [id],
      });
      const { error, status } = rows[0] ?? { status: 'missing', error: null };
      if (status === 'COMPLETED') waiter.resolve();
      else if (!['QUEUED', 'RUNNING'].includes(status)) waiter.reject(new Error(`A job is ${status}: ${error ?? ''}`));
    } catch (error) {
      waiter.reject(error);
    }
  }

  close(): Promise<void> {
    return this.#listener.close();
  }
}
