import { cancelAbandonedChildren } from '@signalbox/db/child-jobs';
import type { Database } from '@signalbox/db/client';
import type { SignalSender } from '@signalbox/db/signals';
import { requeueForgottenJobs, takeOverLostJobs } from '@signalbox/db/takeover';
import type { Logger } from 'pino';
import type { Wakes } from './wakes.ts';

const SLOWEST_ROUND_MS = 4_000;
const MOST_AT_ONCE = 50;
/** Looking at every process of the machine is done in each so many-th round only, and when there is a reason to. */
const ROUNDS_BETWEEN_SWEEPS = 8;
/** A queued job that has had no wake-up call for so long gets a new one. */
const FORGOTTEN_AFTER_SECONDS = 10;

export interface ReaperOptions {
  db: Database;
  leaseSeconds: number;
  signals: SignalSender;
  wakes: Wakes;
  logger: Logger;
  /** Clears what executions that are over have left on this machine. */
  sweep(): Promise<void>;
}

/** Takes over the jobs of lost workers and makes up for lost calls, every few seconds in every executor; who comes second finds nothing to do. */
export class Reaper {
  readonly #options: ReaperOptions;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  #rounds = 0;
  #stopped = false;

  constructor(options: ReaperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#round = this.#look().finally(() => {
      if (this.#stopped) return;
      const pause = Math.min(SLOWEST_ROUND_MS, (this.#options.leaseSeconds * 1_000) / 6);
      // Jitter keeps many executors from coming at once.
      this.#timer = setTimeout(() => this.start(), pause * (0.75 + Math.random() / 2));
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#round;
  }

  async #look(): Promise<void> {
    const { sweep, wakes } = this.#options;
    let someTaken = false;
    await this.#try(async () => {
      someTaken = await this.#takeOver();
    });
    await this.#try(() => this.#callForgotten());
    await this.#try(() => wakes.wakeForgotten());
    await this.#try(() => this.#cancelAbandoned());
    if (someTaken || this.#rounds % ROUNDS_BETWEEN_SWEEPS === 0) await this.#try(sweep);
    this.#rounds += 1;
  }

  /** What cannot be done for one reason must not keep the rest of the round from being done. */
  async #try(part: () => Promise<unknown>): Promise<void> {
    try {
      await part();
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'a part of a round of the reaper failed; the next round looks again');
    }
  }

  async #takeOver(): Promise<boolean> {
    const { db, logger, signals } = this.#options;
    const takeovers = await takeOverLostJobs(db, MOST_AT_ONCE, ({ jobId, outcome }) => {
      logger.warn({ jobId, outcome }, 'job of a lost worker taken over');
      signals.send('changed', jobId);
      signals.send('logged', jobId);
    });
    return takeovers.length > 0;
  }

  async #callForgotten(): Promise<void> {
    const { db, logger } = this.#options;
    for (const jobId of await requeueForgottenJobs(db, FORGOTTEN_AFTER_SECONDS)) {
      logger.warn({ jobId }, 'queued job without a wake-up call: called again');
    }
  }

  async #cancelAbandoned(): Promise<void> {
    const { db, logger, signals } = this.#options;
    for (const jobId of await cancelAbandonedChildren(db, MOST_AT_ONCE)) {
      logger.warn({ jobId }, 'nobody waits for this job any more: it is cancelled');
      for (const kind of ['control', 'changed', 'logged'] as const) signals.send(kind, jobId);
    }
  }
}
