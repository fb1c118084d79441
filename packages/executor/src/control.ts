import type { Database } from '@signalbox/db/client';
import { type JobMarks, readMarks } from '@signalbox/db/executions';
import { SignalListener } from '@signalbox/db/signals';
import type { Logger } from 'pino';
import type { HeldJobs, HeldLease } from './held-jobs.ts';
import { throughOutages } from './through-outages.ts';

/**
 * Tells a held job what people have asked of it, and that a wait of it has ended; told the same again it does nothing.
 * @param asOf when the database was asked, on this process's own clock
 */
export function obeyMarks(lease: HeldLease, marks: JobMarks, asOf: number): void {
  if (marks.cancelRequestedAt) lease.stop.ask(marks.cancelForced ? 'forced' : 'cancelled');
  lease.pause.tell(marks.pauseRequestedAt !== null, asOf);
  lease.wakes.tell(marks.wakes);
}

/**
 * Hears at once that held jobs were asked to cancel or to pause, or need not wait any longer. What is missed here the next heartbeat tells: the marks in the
 * database are the truth, the signal only says where to look.
 */
export class ControlListener {
  readonly #db: Database;
  readonly #held: HeldJobs;
  readonly #logger: Logger;
  readonly #listener: SignalListener;
  readonly #closing = new AbortController();

  constructor(databaseUrl: string, db: Database, held: HeldJobs, logger: Logger) {
    this.#db = db;
    this.#held = held;
    this.#logger = logger;
    this.#listener = new SignalListener(databaseUrl, ['control'], {
      onSignal: (_kind, jobIds) => this.#look(jobIds),
      onGap: () => this.#look(held.all().map(({ jobId }) => jobId)),
      onError: (error) =>
        logger.warn({ err: error }, 'the listener for cancels and pauses was cut off; it connects again'),
    });
  }

  start(): Promise<void> {
    return this.#listener.start();
  }

  stop(): Promise<void> {
    this.#closing.abort();
    return this.#listener.close();
  }

  #look(jobIds: readonly string[]): void {
    const ours = jobIds.filter((jobId) => this.#held.get(jobId));
    if (ours.length === 0) return;
    // A gap is an outage that is over as far as this listener knows: other connections may be about to notice theirs.
    throughOutages(() => this.#read(ours), this.#closing.signal).catch((error: unknown) =>
      this.#logger.warn({ err: error }, 'marks of jobs could not be read; the next heartbeat tells'),
    );
  }

  async #read(jobIds: readonly string[]): Promise<void> {
    const askedAt = performance.now();
    for (const mark of await readMarks(this.#db, jobIds)) {
      const lease = this.#held.get(mark.jobId);
      if (lease?.epoch === mark.epoch) obeyMarks(lease, mark, askedAt);
    }
  }
}
