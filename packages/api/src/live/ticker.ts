/** Runs a piece of work one at a time: when it is woken while it runs, it runs once more. A slow poll may wake it too. */
export class Ticker {
  readonly #work: () => Promise<void>;
  readonly #onError: (error: unknown) => void;
  readonly #poll: NodeJS.Timeout;
  #woken = false;
  #running: Promise<void> | undefined;
  #closed = false;
  #failing = false;

  constructor(options: {
    work: () => Promise<void>;
    pollMs: number;
    onPoll: () => void;
    onError: (error: unknown) => void;
  }) {
    this.#work = options.work;
    this.#onError = options.onError;
    this.#poll = setInterval(options.onPoll, options.pollMs);
    this.#poll.unref();
  }

  wake(): void {
    if (this.#closed) return;
    this.#woken = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#poll);
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#woken && !this.#closed) {
      this.#woken = false;
      try {
        await this.#work();
        this.#failing = false;
      } catch (error) {
        // The next hint or poll tries again; one report is enough until it works again.
        if (!this.#failing) this.#onError(error);
        this.#failing = true;
      }
    }
  }
}
