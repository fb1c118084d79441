import type { Database } from '@signalbox/db/client';
import { readCancelMarks } from '@signalbox/db/executions';
import { SignalListener } from '@signalbox/db/signals';
import type { Logger } from 'pino';
import type { HeldJobs, HeldLease } from './held-jobs.ts';

/** Tells a held job that it is cancelled; told again it does nothing, unless force is new. */
export function cancelHeld(lease: HeldLease, { cancelForced }: { cancelForced: boolean }): void {
  lease.stop.ask(cancelForced ? 'forced' : 'cancelled');
}

/**
 * Hears at once that held jobs were asked to cancel. What is missed here the next heartbeat tells: the mark in the database is
 * the truth, the signal only says where to look.
 */
export class CancelListener {
  readonly #db: Database;
  readonly #held: HeldJobs;
  readonly #logger: Logger;
  readonly #listener: SignalListener;

  constructor(databaseUrl: string, db: Database, held: HeldJobs, logger: Logger) {
    this.#db = db;
    this.#held = held;
    this.#logger = logger;
    this.#listener = new SignalListener(databaseUrl, ['control'], {
      onSignal: (_kind, jobIds) => this.#look(jobIds),
      onGap: () => this.#look(held.all().map(({ jobId }) => jobId)),
      onError: (error) => logger.warn({ err: error }, 'the listener for cancels was cut off; it connects again'),
    });
  }

  start(): Promise<void> {
    return this.#listener.start();
  }

  stop(): Promise<void> {
    return this.#listener.close();
  }

  #look(jobIds: readonly string[]): void {
    const ours = jobIds.filter((jobId) => this.#held.get(jobId));
    if (ours.length === 0) return;
    readCancelMarks(this.#db, ours).then(
      (marks) => {
        for (const mark of marks) {
          const lease = this.#held.get(mark.jobId);
          if (lease?.epoch === mark.epoch) cancelHeld(lease, mark);
        }
      },
      (error: unknown) => this.#logger.warn({ err: error }, 'cancel marks could not be read; the next heartbeat tells'),
    );
  }
}
