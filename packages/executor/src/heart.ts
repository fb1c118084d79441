import { beat, type ConfirmedLease } from '@signalbox/db/executions';
import { failpoint } from '@signalbox/db/failpoints';
import { type ReservedConnection, reserveConnection } from '@signalbox/db/reserved-connection';
import type { Logger } from 'pino';
import { LeaseTable, type SharedLease } from './lease-table.ts';
import { OwnUsage } from './own-usage.ts';
import { killOwnProcess, killProcesses } from './process-group.ts';
import { valuesOf } from './process-table.ts';

/** Of a lease: after how much of it the next beat follows, and after how much without one the job is given up. */
const BEAT_AFTER = 1 / 6;
const FENCE_AFTER = 2 / 3;
/** Of a lease: when a beat gets no answer. Another one, on a new connection, still comes in time. */
const DEAF_AFTER = 1 / 3;
/** Of a lease: how long the main thread may be stuck before that is told, and before nobody waits for it any longer. */
const STUCK_AFTER = 1 / 3;
const HOPELESS_AFTER = 3;
/** Looks more often than it beats: a beat that hangs must not delay it. */
const LOOKS_PER_BEAT = 4;

export interface HeartOptions {
  databaseUrl: string;
  workerId: string;
  workerName: string;
  leaseSeconds: number;
  /** A LeaseTable's. */
  table: SharedArrayBuffer;
  logLevel: string;
  /** What the main thread's performance.now() lacks to the clock that all threads share. */
  clockOffset: number;
}

/** What the main thread is told. `askedAt` is a time of its own clock. */
export type HeartMessage =
  | { kind: 'confirmed'; askedAt: number; leases: ConfirmedLease[] }
  /** Told again until it is no longer held. */
  | { kind: 'lost'; jobId: string; epoch: number; why: string };

export interface HeartHost {
  logger: Logger;
  tell(message: HeartMessage): void;
}

/**
 * Keeps leases on a connection of its own, as long as the main thread gives signs of life now and then. One that is stuck is
 * told about; one that stays stuck, or that could not give up a lease, is ended with its whole process and the programs of its
 * jobs, so that others can go on with them.
 */
export class Heart {
  readonly #options: HeartOptions;
  readonly #host: HeartHost;
  readonly #table: LeaseTable;
  readonly #connection: ReservedConnection;
  readonly #leaseMs: number;
  readonly #usage = new OwnUsage();
  /** When leases were last known to be valid: the moment before the database was asked. */
  #confirmed = new Map<string, number>();
  #timers: NodeJS.Timeout[] = [];
  #beating: Promise<void> | undefined;
  #failing = false;
  #pulses = 0;
  #lookedAt: number;
  #stuckMs = 0;

  constructor(options: HeartOptions, host: HeartHost) {
    this.#options = options;
    this.#host = host;
    this.#table = new LeaseTable(options.table);
    this.#leaseMs = options.leaseSeconds * 1_000;
    this.#lookedAt = this.#now();
    this.#connection = reserveConnection(options.databaseUrl, {
      applicationName: 'signalbox heartbeat',
      timeoutMs: this.#leaseMs * DEAF_AFTER,
    });
  }

  start(): void {
    const interval = this.#leaseMs * BEAT_AFTER;
    this.#timers = [
      setInterval(() => this.#tick(), interval),
      setInterval(() => this.#look(), interval / LOOKS_PER_BEAT),
    ];
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#beating;
    await this.#connection.close();
  }

  #now(): number {
    return Number(process.hrtime.bigint()) / 1e6 - this.#options.clockOffset;
  }

  #tick(): void {
    // After the process was stopped and continued the leases may be long gone: look before anything else happens.
    this.#look();
    this.#beating ??= this.#beat().finally(() => {
      this.#beating = undefined;
    });
  }

  async #beat(): Promise<void> {
    const { leaseSeconds, workerId } = this.#options;
    const { logger, tell } = this.#host;
    if (failpoint) await failpoint('before-beat');
    const leases = this.#table.read();
    const askedAt = this.#now();
    try {
      const confirmed = await beat(this.#connection, workerId, leases, leaseSeconds, this.#usage.read());
      if (this.#failing) logger.info('the heartbeat reaches the database again');
      this.#failing = false;
      for (const lease of confirmed) this.#confirmed.set(keyOf(lease), askedAt);
      tell({ kind: 'confirmed', askedAt, leases: confirmed });
      const ours = new Set(confirmed.map(keyOf));
      const why = 'another worker has taken the job over';
      for (const { epoch, jobId } of leases)
        if (!ours.has(keyOf({ jobId, epoch }))) tell({ kind: 'lost', jobId, epoch, why });
    } catch (error) {
      if (!this.#failing) logger.warn({ err: error, jobs: leases.length }, 'the heartbeat does not reach the database');
      this.#failing = true;
    }
  }

  #look(): void {
    const leases = this.#table.read();
    this.#confirmed = new Map(
      leases.map((lease) => [keyOf(lease), Math.max(lease.confirmedAt, this.#confirmed.get(keyOf(lease)) ?? 0)]),
    );
    const oldest = this.#now() - this.#leaseMs * FENCE_AFTER;
    const lost = leases.filter((lease) => (this.#confirmed.get(keyOf(lease)) ?? 0) < oldest);
    const why = 'its lease could not be confirmed in time';
    for (const { epoch, jobId } of lost) this.#host.tell({ kind: 'lost', jobId, epoch, why });
    this.#watch(leases, lost.length > 0);
  }

  /** Only time in which this thread ran counts: a process that was stopped as a whole is not stuck. */
  #watch(leases: readonly SharedLease[], mustGiveUp: boolean): void {
    const { logger } = this.#host;
    const now = this.#now();
    const passed = Math.min(now - this.#lookedAt, (2 * this.#leaseMs * BEAT_AFTER) / LOOKS_PER_BEAT);
    this.#lookedAt = now;
    const before = this.#stuckMs;
    this.#stuckMs = this.#table.pulses === this.#pulses ? before + passed : 0;
    this.#pulses = this.#table.pulses;
    const limit = this.#leaseMs * STUCK_AFTER;
    const told = { stuckMs: Math.round(Math.max(before, this.#stuckMs)), jobs: leases.map(({ jobId }) => jobId) };
    if (before >= limit && this.#stuckMs === 0) logger.warn(told, 'the main thread goes on');
    if (this.#stuckMs < limit) return;
    if (before < limit) logger.error(told, 'the main thread is stuck: its jobs stand still, their leases are kept');
    if (mustGiveUp || this.#stuckMs > this.#leaseMs * HOPELESS_AFTER) this.#endProcess(leases, told);
  }

  #endProcess(leases: readonly SharedLease[], told: object): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#host.logger.fatal(told, 'the main thread does not come back: this process and its programs are ended');
    const executions = new Set(leases.map(({ executionId }) => executionId));
    valuesOf('SIGNALBOX_EXECUTION_ID')
      .then((programs) => killProcesses([...programs].flatMap(([id, ids]) => (executions.has(id) ? ids : []))))
      .finally(killOwnProcess)
      .catch(() => undefined);
  }
}

function keyOf({ epoch, jobId }: { jobId: string; epoch: number }): string {
  return `${jobId}:${epoch}`;
}
