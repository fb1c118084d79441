import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '@signalbox/db/client';
import { type ClaimedJob, type Claimer, claimJobs } from '@signalbox/db/executions';

interface Asked {
  jobId: string;
  resolve(job: ClaimedJob | undefined): void;
  reject(error: unknown): void;
}

/** Claims jobs for this process: those that are asked for in one turn, or while a claim is under way, in one statement. */
export class JobClaims {
  readonly #db: Database;
  readonly #claimer: Claimer;
  #asked: Asked[] = [];
  #claiming = false;

  constructor(db: Database, claimer: Claimer) {
    this.#db = db;
    this.#claimer = claimer;
  }

  /** Undefined when the job is not to be had. */
  claim(jobId: string): Promise<ClaimedJob | undefined> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ jobId, resolve, reject });
      if (!this.#claiming) void this.#claimAll();
    });
  }

  async #claimAll(): Promise<void> {
    this.#claiming = true;
    for (;;) {
      await nextTurn();
      const asked = this.#asked;
      this.#asked = [];
      if (asked.length === 0) break;
      await this.#claimThese(asked);
    }
    this.#claiming = false;
  }

  async #claimThese(asked: readonly Asked[]): Promise<void> {
    try {
      const jobIds = asked.map(({ jobId }) => jobId);
      const failed = new Map<string, unknown>();
      const claimed = await claimJobs(this.#db, jobIds, this.#claimer, (jobId, error) => failed.set(jobId, error));
      for (const { jobId, reject, resolve } of asked) {
        if (failed.has(jobId)) reject(failed.get(jobId));
        else resolve(claimed.get(jobId));
        // Asked for twice, it is given once.
        claimed.delete(jobId);
      }
    } catch (error) {
      // One that cannot be claimed must not keep others from it.
      if (asked.length > 1) for (const one of asked) await this.#claimThese([one]);
      else asked[0]?.reject(error);
    }
  }
}
