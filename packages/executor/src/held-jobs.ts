import type { JobStatus } from '@signalbox/core/statuses';
import type { HeldJob, ProgramUsage } from '@signalbox/db/held-job';
import { LeaseTable } from './lease-table.ts';
import { PauseRequest } from './pause-request.ts';
import { StopRequest } from './stop-request.ts';
import { UsageMeter } from './usage-meter.ts';
import { WakeCount } from './wake-count.ts';

/** A job that this process holds, as those see it who watch over it. */
export class HeldLease implements HeldJob {
  readonly jobId: string;
  readonly epoch: number;
  readonly executionId: string;
  readonly stop = new StopRequest();
  readonly pause = new PauseRequest();
  readonly wakes = new WakeCount();
  readonly meter = new UsageMeter();
  /** When, on the main thread's clock, the lease was first known to be valid: the moment before the database was asked. */
  readonly confirmedAt: number;
  /** The last write is on its way; when that is done the lease ends, and is not lost. */
  settling = false;
  /** The end that the job has reached here. */
  settled: JobStatus | undefined;

  constructor(lease: HeldJob & { executionId: string }, confirmedAt: number) {
    this.jobId = lease.jobId;
    this.epoch = lease.epoch;
    this.executionId = lease.executionId;
    this.confirmedAt = confirmedAt;
  }

  get usage(): ProgramUsage | undefined {
    return this.meter.usage;
  }
}

/** More than are ever held at once: beside those that were asked for, some that are lost and not yet put down. */
const ROOM = 4;
const LEAST_ROOM = 64;

/** The jobs that this process holds. */
export class HeldJobs {
  /** The same for the heartbeat. */
  readonly table: LeaseTable;
  readonly #leases = new Map<string, HeldLease>();
  readonly #places = new Map<HeldLease, number>();
  #whenEmpty: PromiseWithResolvers<void> | undefined;

  constructor(concurrency: number) {
    this.table = LeaseTable.forLeases(Math.max(LEAST_ROOM, concurrency * ROOM));
  }

  get size(): number {
    return this.#leases.size;
  }

  add(lease: HeldLease): void {
    // An earlier lease on the same job is over: this process took the job again after it had lost it.
    const earlier = this.#leases.get(lease.jobId);
    earlier?.stop.ask('lease-lost');
    if (earlier) this.#leave(earlier);
    this.#places.set(lease, this.table.add(lease));
    this.#leases.set(lease.jobId, lease);
  }

  remove(lease: HeldLease): void {
    this.#leave(lease);
    if (this.#leases.get(lease.jobId) === lease) this.#leases.delete(lease.jobId);
    if (this.#leases.size > 0) return;
    this.#whenEmpty?.resolve();
    this.#whenEmpty = undefined;
  }

  /** Tells the heartbeat that this thread is not stuck, and what the programs of its jobs have used so far. */
  pulse(): void {
    this.table.pulse();
    for (const [{ usage }, place] of this.#places) if (usage) this.table.tell(place, usage);
  }

  get(jobId: string): HeldLease | undefined {
    return this.#leases.get(jobId);
  }

  all(): HeldLease[] {
    return [...this.#leases.values()];
  }

  /** Resolves when nothing is held. */
  empty(): Promise<void> {
    if (this.#leases.size === 0) return Promise.resolve();
    this.#whenEmpty ??= Promise.withResolvers<void>();
    return this.#whenEmpty.promise;
  }

  #leave(lease: HeldLease): void {
    const place = this.#places.get(lease);
    if (place === undefined) return;
    this.#places.delete(lease);
    this.table.remove(place);
  }
}
