import type { HeldJobs } from './held-jobs.ts';
import type { Queue } from './queue.ts';

/** Jobs may go on for so long after the stop was asked for. */
const DRAIN_MS = 25_000;

/**
 * The polite way to put all jobs down: nothing new is taken, running ones may end by themselves for 25 s while the leases are
 * kept, and the rest is handed back. Asked to hurry, their programs are ended at once.
 */
export class Shutdown {
  readonly #queue: Queue;
  readonly #held: HeldJobs;
  #hurry: (() => void) | undefined;
  #running: Promise<void> | undefined;

  constructor(queue: Queue, held: HeldJobs) {
    this.#queue = queue;
    this.#held = held;
  }

  /** Resolves when no job is held any more. */
  run(): Promise<void> {
    this.#running ??= this.#putDown();
    return this.#running;
  }

  hurry(): void {
    this.#hurry?.();
    for (const { stop } of this.#held.all()) stop.ask(stop.isCancel ? 'forced' : 'hurry');
  }

  async #putDown(): Promise<void> {
    const drained = this.#queue.stop();
    const hurried = Promise.withResolvers<void>();
    this.#hurry = hurried.resolve;
    const timer = setTimeout(hurried.resolve, DRAIN_MS);
    await Promise.race([drained, hurried.promise]);
    clearTimeout(timer);
    for (const { stop } of this.#held.all()) stop.ask('shutdown');
    await drained;
    await this.#held.empty();
  }
}
