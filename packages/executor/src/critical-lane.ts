import type { Logger } from 'pino';

/** Executors that have an ordinary place free may take the job within this time, and many hints become one look. */
const LOOK_AFTER_MS = 20;

export interface CriticalLaneOptions {
  places: number;
  /** False while an ordinary place is free: whatever comes goes there. */
  isNeeded(): boolean;
  /** The next CRITICAL job. */
  find(): Promise<string | undefined>;
  /** Resolves when the job is no longer held, or was somebody else's. */
  run(jobId: string): Promise<void>;
  logger: Logger;
}

/**
 * The places that an executor keeps for CRITICAL jobs while all its ordinary ones are taken. The queue library cannot keep a
 * place for some tasks without looking through all others, so this looks into our own rows: the claim decides, and the queue
 * task that is left over finds its job taken.
 */
export class CriticalLane {
  readonly #options: CriticalLaneOptions;
  readonly #running = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #poll: NodeJS.Timeout | undefined;
  /** Something was queued since the last look. */
  #hinted = false;
  #looking: Promise<void> | undefined;
  #stopped = false;

  constructor(options: CriticalLaneOptions) {
    this.#options = options;
  }

  /** @param pollMs how often it looks without being told to, in case the telling got lost */
  start(pollMs: number): void {
    if (this.#options.places > 0) this.#poll = setInterval(() => this.hint(), pollMs);
  }

  /** Something was queued, or may have been. */
  hint(): void {
    this.#hinted = true;
    if (this.#options.isNeeded()) this.needed();
  }

  /** The last ordinary place has just been taken. */
  needed(): void {
    if (!this.#hinted || this.#stopped || this.#looking || this.#running.size >= this.#options.places) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#looking = this.#look().finally(() => {
        this.#looking = undefined;
        if (this.#options.isNeeded()) this.needed();
      });
    }, LOOK_AFTER_MS);
  }

  /** Takes nothing new from now on; resolves when what was taken is no longer held. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearInterval(this.#poll);
    await this.#looking;
    await Promise.all(this.#running);
  }

  async #look(): Promise<void> {
    if (!this.#options.isNeeded()) return;
    this.#hinted = false;
    try {
      const jobId = await this.#options.find();
      if (jobId !== undefined && !this.#stopped && this.#options.isNeeded()) this.#take(jobId);
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'the next critical job could not be looked for; the next poll looks');
    }
  }

  #take(jobId: string): void {
    const running = this.#run(jobId).finally(() => this.#running.delete(running));
    this.#running.add(running);
    this.hint();
  }

  async #run(jobId: string): Promise<void> {
    try {
      await this.#options.run(jobId);
      // Others may wait behind it, and it may have been somebody else's.
      this.hint();
    } catch (error) {
      this.#options.logger.warn({ err: error, jobId }, 'a job could not be claimed; the next poll looks');
    }
  }
}
