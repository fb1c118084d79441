import { setTimeout as delay } from 'node:timers/promises';
import { StepFailure, type StepFailureOptions } from '@signalbox/plugin-sdk';
import { StepStopped } from '../step-stopped.ts';
import { PluginProcess, type PluginProcessOptions } from './plugin-process.ts';

/** A step that waits so long for a process of its own gets a new one; shorter steps are done sooner than one starts. */
const SOON_FREE_MS = 20;
/** More at once would only make each start slower. */
const MOST_STARTING = 2;
/** With so many processes of one plugin its steps begin to share them: they wait for nobody. */
const MOST_PROCESSES = 16;
/** What runs nothing for so long is ended, except for one. */
const IDLE_MS = 30_000;

interface Waiting {
  resolve(process: PluginProcess): void;
  reject(error: Error): void;
}

/** The processes of one version of a plugin: each runs one step at a time, and is used again when that went well. */
export class ProcessPool {
  readonly #options: PluginProcessOptions;
  readonly #all = new Set<PluginProcess>();
  /** The one that was used last is used next. */
  readonly #idle: { process: PluginProcess; since: number }[] = [];
  readonly #waiting: Waiting[] = [];
  #starting = 0;
  #soon: NodeJS.Timeout | undefined;
  #sweep: NodeJS.Timeout | undefined;
  #isRetired = false;

  /** @param first one that is loaded already */
  constructor(options: PluginProcessOptions, first: PluginProcess) {
    this.#options = options;
    this.#admit(first);
    this.#rest(first);
  }

  /** A process for one step; give it back. Throws a StepStopped once the signal is aborted. */
  async acquire(signal: AbortSignal): Promise<PluginProcess> {
    if (signal.aborted) throw new StepStopped(signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<PluginProcess>();
    const waiting: Waiting = { resolve, reject };
    const stop = () => {
      const at = this.#waiting.indexOf(waiting);
      if (at >= 0) this.#waiting.splice(at, 1);
      reject(new StepStopped(signal.reason));
    };
    signal.addEventListener('abort', stop, { once: true });
    this.#waiting.push(waiting);
    this.#serve();
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  release(process: PluginProcess): void {
    if (!process.isGone && process.steps === 0) this.#takeBack(process);
    this.#serve();
  }

  #takeBack(process: PluginProcess): void {
    if (process.isBloated) process.kill('kept too much memory');
    else this.#rest(process);
  }

  /** What runs goes on to its end; resolves when that is reached. */
  async retire(): Promise<void> {
    this.#isRetired = true;
    clearInterval(this.#sweep);
    for (const { process } of this.#idle.splice(0)) process.kill('was replaced');
    while (this.#all.size > 0) await Promise.all([...this.#all].map(({ gone }) => gone));
  }

  /** Ends everything at once. */
  async close(): Promise<void> {
    const retired = this.retire();
    for (const process of this.#all) process.kill('was ended with the executor');
    await retired;
  }

  #admit(process: PluginProcess): void {
    this.#all.add(process);
    void process.gone.then(() => {
      this.#all.delete(process);
      this.#serve();
    });
  }

  #rest(process: PluginProcess): void {
    if (this.#isRetired && this.#waiting.length === 0) {
      process.kill('was replaced');
      return;
    }
    this.#idle.push({ process, since: performance.now() });
    this.#sweep ??= setInterval(() => this.#endIdle(), IDLE_MS / 3).unref();
  }

  #serve(): void {
    while (this.#waiting.length > 0) {
      const idle = this.#idle.pop();
      if (!idle) break;
      if (!idle.process.isGone) this.#waiting.shift()?.resolve(idle.process);
    }
    if (this.#waiting.length === 0 || this.#soon) return;
    if (this.#all.size + this.#starting === 0) void this.#start();
    this.#soon = setTimeout(() => this.#grow(), SOON_FREE_MS);
  }

  /** Somebody has waited, and no process has become free. */
  #grow(): void {
    this.#soon = undefined;
    const room = Math.min(this.#waiting.length, MOST_STARTING, MOST_PROCESSES - this.#all.size + this.#starting);
    while (this.#starting < room) void this.#start();
    if (this.#all.size >= MOST_PROCESSES && this.#starting === 0) this.#share();
    this.#serve();
  }

  #share(): void {
    for (const waiting of this.#waiting.splice(0)) {
      const [least] = [...this.#all].filter(({ isGone }) => !isGone).toSorted((one, other) => one.steps - other.steps);
      if (!least) this.#waiting.push(waiting);
      else waiting.resolve(least);
      if (!least) return;
    }
  }

  async #start(): Promise<void> {
    this.#starting += 1;
    // When the machine has no room for it, that may pass.
    const failure = await this.#load().catch((error: Error) =>
      this.#failure(error.message, { retryable: true, cause: error }),
    );
    this.#starting -= 1;
    if (failure) {
      this.#waiting.shift()?.reject(failure);
      // Not again and again as fast as it fails.
      await delay(SOON_FREE_MS);
    }
    this.#serve();
  }

  /** Gives why it cannot be used. */
  async #load(): Promise<StepFailure | undefined> {
    const process = new PluginProcess(this.#options);
    this.#admit(process);
    const loaded = await process.loaded;
    if (loaded.type === 'loaded') {
      this.#rest(process);
      return undefined;
    }
    process.kill('could not be used');
    return this.#failure(loaded.problem);
  }

  #failure(problem: string, options?: StepFailureOptions): StepFailure {
    return new StepFailure(
      `A new process of the plugin ${this.#options.source} could not be started: ${problem}`,
      options,
    );
  }

  #endIdle(): void {
    const before = performance.now() - IDLE_MS;
    const old = this.#idle.filter(({ since }) => since < before).slice(0, this.#all.size - 1);
    for (const entry of old) {
      this.#idle.splice(this.#idle.indexOf(entry), 1);
      entry.process.kill('was not needed any more');
    }
  }
}
