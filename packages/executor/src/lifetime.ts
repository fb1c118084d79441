import type { Logger } from 'pino';
import type { Executor } from './executor.ts';

const STOPPED_WITHIN_MS = 40_000;
/** Ctrl-C reaches this process twice, from the terminal and from its parent: what comes so soon is the same request. */
const SAME_REQUEST_MS = 1_000;

/** From the first signal on the process ends, one way or another; from the second one on at once. */
export class Lifetime {
  readonly #logger: Logger;
  #executor: Executor | undefined;
  #endingSince: number | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Signals are heard from now on; before, they end the process as they always do. */
  begin(executor: Executor): void {
    this.#executor = executor;
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => this.end(0));
    // Whoever started this process is gone, and with it what it was started for.
    process.once('disconnect', () => this.end(0));
  }

  end(exitCode: number): void {
    if (!this.#executor) process.exit(exitCode);
    if (this.#endingSince !== undefined) {
      this.#hurry(this.#executor, this.#endingSince);
      return;
    }
    this.#endingSince = performance.now();
    this.#logger.info('stopping');
    const stopped = this.#executor.stop();
    setTimeout(() => process.exit(1), STOPPED_WITHIN_MS).unref();
    stopped.then(
      () => process.exit(exitCode),
      (error: unknown) => {
        this.#logger.error({ err: error }, 'the end was not clean');
        process.exit(1);
      },
    );
  }

  #hurry(executor: Executor, endingSince: number): void {
    if (performance.now() - endingSince < SAME_REQUEST_MS) return;
    this.#logger.info('asked to stop once more: stopping at once');
    void executor.stop();
  }
}
