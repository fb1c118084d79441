import type { HeldJob, ProgramUsage } from '@signalbox/db/executions';
import { PauseRequest } from './pause-request.ts';
import { StopRequest } from './stop-request.ts';
import { UsageMeter } from './usage-meter.ts';

/** A job that this process holds, as those see it who watch over it. */
export class HeldLease implements HeldJob {
  readonly jobId: string;
  readonly epoch: number;
  readonly executionId: string;
  readonly stop = new StopRequest();
  readonly pause = new PauseRequest();
  readonly meter = new UsageMeter();
  /** When, on this process's own clock, the lease was last known to be valid: the moment before the database was asked. */
  confirmedAt: number;
  /** The last write is on its way; when that is done the lease ends, and is not lost. */
  settling = false;
  /** The database knows for good what its programs have used. */
  usageTold = false;

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

/** The jobs that this process holds. */
export class HeldJobs {
  readonly #leases = new Map<string, HeldLease>();
  #whenEmpty: PromiseWithResolvers<void> | undefined;

  get size(): number {
    return this.#leases.size;
  }

  add(lease: HeldLease): void {
    // An earlier lease on the same job is over: this process took the job again after it had lost it.
    this.#leases.get(lease.jobId)?.stop.ask('lease-lost');
    this.#leases.set(lease.jobId, lease);
  }

  remove(lease: HeldLease): void {
    if (this.#leases.get(lease.jobId) === lease) this.#leases.delete(lease.jobId);
    if (this.#leases.size > 0) return;
    this.#whenEmpty?.resolve();
    this.#whenEmpty = undefined;
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
}
