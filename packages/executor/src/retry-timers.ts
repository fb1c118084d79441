import type { ParkedRetry } from '@signalbox/db/waits';
import type { StepState } from './job-state.ts';

/** Steps of a held job that failed and are tried again later. */
export class RetryTimers {
  readonly #timers = new Map<StepState, { timer: NodeJS.Timeout; at: number }>();

  get size(): number {
    return this.#timers.size;
  }

  /** Milliseconds until the first of them. */
  get nextInMs(): number {
    return Math.min(...[...this.#timers.values()].map(({ at }) => at)) - performance.now();
  }

  set(step: StepState, inMs: number, onDue: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(step);
      onDue();
    }, inMs);
    this.#timers.set(step, { timer, at: performance.now() + inMs });
  }

  /** The same for a job that is put down until then. */
  parked(): ParkedRetry[] {
    const now = performance.now();
    return [...this.#timers].map(([{ attempt, id }, { at }]) => {
      return { stepId: id, attempt, inMs: Math.max(0, at - now) };
    });
  }

  clear(): void {
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
