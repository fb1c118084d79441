/**
 * Why a job's steps must stop, from the mildest to the strongest: a stronger one replaces a milder one. `hurry` is a shutdown
 * that has no time for a grace, `timed-out` the end of the job's own time.
 */
const STRENGTH = { shutdown: 1, hurry: 2, 'timed-out': 3, cancelled: 4, forced: 5, 'lease-lost': 6 } as const;
export type StopReason = keyof typeof STRENGTH;

/** Whether nothing is waited for. */
export function isHard(reason: StopReason): boolean {
  return reason === 'hurry' || reason === 'forced' || reason === 'lease-lost';
}

/** Whether and why a job must stop; everything that runs for it listens. */
export class StopRequest {
  readonly #listeners = new Set<(reason: StopReason) => void>();
  readonly #lost = new AbortController();
  #reason: StopReason | undefined;

  get reason(): StopReason | undefined {
    return this.#reason;
  }

  /** Aborted once the job belongs to somebody else: nothing may be written any more. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  get isCancel(): boolean {
    return this.#reason === 'cancelled' || this.#reason === 'forced';
  }

  /** Whether nothing of the job is to be tried again. */
  get endsJob(): boolean {
    return this.isCancel || this.#reason === 'timed-out';
  }

  /** True when this is news. */
  ask(reason: StopReason): boolean {
    if (this.#reason !== undefined && STRENGTH[reason] <= STRENGTH[this.#reason]) return false;
    this.#reason = reason;
    if (reason === 'lease-lost') this.#lost.abort();
    for (const listener of this.#listeners) listener(reason);
    return true;
  }

  /** Hears the present reason at once, if there is one, and each stronger one. Returns what ends the listening. */
  listen(listener: (reason: StopReason) => void): () => void {
    this.#listeners.add(listener);
    if (this.#reason !== undefined) listener(this.#reason);
    return () => this.#listeners.delete(listener);
  }
}
