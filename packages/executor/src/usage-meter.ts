import type { ProgramUsage } from '@signalbox/db/held-job';

/** Adds up what programs use: those of one attempt, and through its parent those of its job. */
export class UsageMeter {
  readonly parent: UsageMeter | undefined;
  #peakBytes = 0;
  #cpuMs = 0;
  #hasRun = false;

  constructor(parent?: UsageMeter) {
    this.parent = parent;
  }

  /** Undefined while no program was started. */
  get usage(): ProgramUsage | undefined {
    if (!this.#hasRun) return undefined;
    return { peakMemoryBytes: this.#peakBytes > 0 ? this.#peakBytes : null, cpuMs: Math.round(this.#cpuMs) };
  }

  /** Of a program that has just been started nothing else is known yet. */
  addCpu(milliseconds: number): void {
    this.#hasRun = true;
    this.#cpuMs += milliseconds;
    this.parent?.addCpu(milliseconds);
  }

  /** So much memory was in use at once. */
  sawMemory(bytes: number): void {
    this.#peakBytes = Math.max(this.#peakBytes, bytes);
  }
}
