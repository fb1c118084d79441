import type { ParkedRetry } from '@signalbox/db/waits';
import type { StepState } from './job-state.ts';

/** Steps of a held job that failed and are tried again later. */
export class RetryTimers {
  readonly #timers = new Map<StepState, { timer: NodeJS.Timeout; at: number }>();
  readonly #onDue: (step: StepState) => void;

  constructor(onDue: (step: StepState) => void) {
    this.#onDue = onDue;
  }

  get size(): number {
    return this.#timers.size;
  }

  /** Milliseconds until the first of them. */
  get nextInMs(): number {
    return Math.min(...[...this.#timers.values()].map(({ at }) => at)) - performance.now();
  }

  set(step: StepState, inMs: number): void {
    step.status = 'RUNNING';
    step.waitsForRetry = true;
    const timer = setTimeout(() => {
      this.#timers.delete(step);
      this.#onDue(step);
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

  /** What waits for its next try makes it when the job goes on, like what has not started; also where the time has just come. */
  forget(steps: readonly StepState[]): void {
    for (const step of steps) {
      if (!step.waitsForRetry) continue;
      step.waitsForRetry = false;
      step.status = 'PENDING';
    }
    this.clear();
  }

  clear(): void {
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
