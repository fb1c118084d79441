/** The states of a tenant that can be watched as a whole. */
import type { Database } from '@signalbox/db/client';
import type { JobFilter } from '@signalbox/db/job-filter';
import { countJobsByStatus, type StatusCount } from '@signalbox/db/job-list';
import { listQueues, type QueueRow } from '@signalbox/db/queues';
import { listWorkers, type WorkerRow } from '@signalbox/db/workers';
import { StateFeed } from './state-feed.ts';

export interface StateFeedsOptions {
  leaseSeconds: number;
  onError: (error: unknown) => void;
}

export class StateFeeds {
  readonly counts: StateFeed<{ tenantId: string; filter: JobFilter }, StatusCount[]>;
  readonly workers: StateFeed<{ tenantId: string }, WorkerRow[]>;
  readonly queues: StateFeed<{ tenantId: string }, QueueRow[]>;

  constructor(db: Database, { leaseSeconds, onError }: StateFeedsOptions) {
    this.counts = new StateFeed({
      name: 'counts',
      read: ({ filter, tenantId }) => countJobsByStatus(db, tenantId, filter),
      onError,
    });
    this.workers = new StateFeed({
      name: 'workers',
      read: ({ tenantId }) => listWorkers(db, tenantId, leaseSeconds),
      onError,
    });
    this.queues = new StateFeed({
      name: 'queues',
      read: ({ tenantId }) => listQueues(db, tenantId, leaseSeconds),
      onError,
    });
  }

  /** Says that jobs have changed, or may have. */
  wake(): void {
    for (const feed of this.#all()) feed.wake();
  }

  async close(): Promise<void> {
    await Promise.all(this.#all().map((feed) => feed.close()));
  }

  #all() {
    return [this.counts, this.workers, this.queues] as const;
  }
}
