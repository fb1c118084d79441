import { performance } from 'node:perf_hooks';
import { beat, type ConfirmedLease, type JobMarks } from '@signalbox/db/executions';
import { type ReservedConnection, reserveConnection } from '@signalbox/db/reserved-connection';
import type { Logger } from 'pino';
import type { HeldJobs, HeldLease } from './held-jobs.ts';
import { OwnUsage } from './own-usage.ts';

/** Of a lease: after how much of it the next beat follows, and after how much without one the job is given up. */
const BEAT_AFTER = 1 / 6;
const FENCE_AFTER = 2 / 3;

export interface HeartbeatOptions {
  databaseUrl: string;
  workerId: string;
  leaseSeconds: number;
  held: HeldJobs;
  logger: Logger;
  onMarks(lease: HeldLease, marks: JobMarks, asOf: number): void;
}

/**
 * Keeps the leases of the held jobs, on a connection of its own. A job whose lease could not be confirmed for too long, or
 * that somebody else has taken, is stopped as lost: its programs are killed and nothing more is written for it.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #connection: ReservedConnection;
  readonly #intervalMs: number;
  readonly #usage = new OwnUsage();
  #timer: NodeJS.Timeout | undefined;
  #fence: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #failing = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#intervalMs = options.leaseSeconds * 1_000 * BEAT_AFTER;
    this.#connection = reserveConnection(options.databaseUrl, {
      applicationName: 'signalbox heartbeat',
      timeoutMs: this.#intervalMs,
    });
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), this.#intervalMs);
    // Looks more often than it beats: a beat that hangs must not delay it.
    this.#fence = setInterval(() => this.#giveUpUnconfirmed(), this.#intervalMs / 4);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    clearInterval(this.#fence);
    await this.#beating;
    await this.#connection.close();
  }

  #tick(): void {
    // After the process was stopped and continued the leases may be long gone: look before anything else happens.
    this.#giveUpUnconfirmed();
    this.#beating ??= this.#beat().finally(() => {
      this.#beating = undefined;
    });
  }

  async #beat(): Promise<void> {
    const { held, leaseSeconds, logger, workerId } = this.#options;
    const leases = held.all();
    const askedAt = performance.now();
    try {
      const confirmed = await beat(this.#connection, workerId, leases, leaseSeconds, this.#usage.read());
      if (this.#failing) logger.info('the heartbeat reaches the database again');
      this.#failing = false;
      this.#compare(leases, confirmed, askedAt);
    } catch (error) {
      if (!this.#failing) logger.warn({ err: error, jobs: leases.length }, 'the heartbeat does not reach the database');
      this.#failing = true;
    }
  }

  #compare(leases: readonly HeldLease[], confirmed: readonly ConfirmedLease[], askedAt: number): void {
    const answers = new Map(confirmed.map((answer) => [answer.jobId, answer]));
    for (const lease of leases) {
      const answer = answers.get(lease.jobId);
      if (answer) {
        lease.confirmedAt = askedAt;
        this.#options.onMarks(lease, answer, askedAt);
      } else {
        this.#lose(lease, 'another worker has taken the job over');
      }
    }
  }

  #giveUpUnconfirmed(): void {
    const { held, leaseSeconds } = this.#options;
    const oldest = performance.now() - leaseSeconds * 1_000 * FENCE_AFTER;
    for (const lease of held.all()) {
      if (lease.confirmedAt < oldest) this.#lose(lease, 'its lease could not be confirmed in time');
    }
  }

  #lose(lease: HeldLease, why: string): void {
    if (lease.settling || !lease.stop.ask('lease-lost')) return;
    this.#options.logger.error({ jobId: lease.jobId, epoch: lease.epoch }, `job given up: ${why}`);
  }
}
