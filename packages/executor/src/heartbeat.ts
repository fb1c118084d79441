import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { JobMarks } from '@signalbox/db/executions';
import type { Logger } from 'pino';
import type { HeartMessage, HeartOptions } from './heart.ts';
import type { HeldJobs, HeldLease } from './held-jobs.ts';

/** Many times within the shortest silence that counts. */
const PULSES_PER_LEASE = 24;

export interface HeartbeatOptions {
  databaseUrl: string;
  workerId: string;
  workerName: string;
  leaseSeconds: number;
  held: HeldJobs;
  logger: Logger;
  onMarks(lease: HeldLease, marks: JobMarks, asOf: number): void;
  /** The leases are not kept any more. */
  onBroken(error: unknown): void;
}

/**
 * Keeps the leases of the held jobs from a thread of its own (see heart.ts), so that work that blocks this one for a while costs
 * no neighbour its lease. A job whose lease could not be confirmed for too long, or that somebody else has taken, is stopped as
 * lost: its programs are killed and nothing more is written for it.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #thread: Worker;
  readonly #pulse: NodeJS.Timeout;
  #stopped = false;

  constructor(options: HeartbeatOptions) {
    const { databaseUrl, held, leaseSeconds, logger, onBroken, workerId, workerName } = options;
    const heart: HeartOptions = {
      databaseUrl,
      workerId,
      workerName,
      leaseSeconds,
      table: held.table.buffer,
      logLevel: logger.level,
      clockOffset: Number(process.hrtime.bigint()) / 1e6 - performance.now(),
    };
    this.#options = options;
    this.#thread = new Worker(new URL('./heartbeat-thread.ts', import.meta.url), { workerData: heart });
    this.#thread.on('message', (message: HeartMessage) => this.#hear(message));
    this.#thread.on('error', onBroken);
    this.#thread.on('exit', () => {
      if (!this.#stopped) onBroken(new Error('the heartbeat ended by itself'));
    });
    held.pulse();
    this.#pulse = setInterval(() => held.pulse(), (leaseSeconds * 1_000) / PULSES_PER_LEASE);
  }

  /** Resolves when it beats. */
  async started(): Promise<void> {
    await once(this.#thread, 'online');
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    clearInterval(this.#pulse);
    const ended = once(this.#thread, 'exit');
    this.#thread.postMessage('stop');
    await ended;
  }

  #hear(message: HeartMessage): void {
    const { held, logger, onMarks } = this.#options;
    if (message.kind === 'confirmed') {
      for (const answer of message.leases) {
        const lease = held.get(answer.jobId);
        if (lease?.epoch === answer.epoch) onMarks(lease, answer, message.askedAt);
      }
      return;
    }
    const { epoch, jobId, why } = message;
    const lease = held.get(jobId);
    if (lease?.epoch !== epoch || lease.settling || !lease.stop.ask('lease-lost')) return;
    logger.error({ jobId, epoch }, `job given up: ${why}`);
  }
}
