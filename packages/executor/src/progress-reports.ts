/** At most four times a second. */
const PAUSE_MS = 250;

/** Reports progress at most so often, and always the last of it. */
export class ProgressReports {
  readonly #report: () => void;
  #timer: NodeJS.Timeout | undefined;
  #lastAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(report: () => void) {
    this.#report = report;
  }

  changed(): void {
    if (this.#closed || this.#timer) return;
    const left = PAUSE_MS - (performance.now() - this.#lastAt);
    if (left <= 0) this.#send();
    else this.#timer = setTimeout(() => this.#send(), left);
  }

  /** Forgets what was to be reported. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  close(): void {
    this.#closed = true;
    this.drop();
  }

  #send(): void {
    this.#timer = undefined;
    this.#lastAt = performance.now();
    this.#report();
  }
}
