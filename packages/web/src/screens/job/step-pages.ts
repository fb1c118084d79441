import { Store } from '../../app/store.ts';
import type { StepOnPage } from './on-page.ts';

/** As many steps are read at once. */
export const STEP_PAGE = 200;

export interface StepPage {
  steps: readonly { cursor: string; step: StepOnPage }[];
  total: number;
  endCursor: string | null;
  hasMore: boolean;
}

/** Reads the page behind a cursor; rejects when it cannot. */
export type ReadSteps = (after: string | null) => Promise<StepPage>;

export interface StepListState {
  steps: readonly StepOnPage[];
  total: number;
  /** Whether the list has been read to its end. */
  complete: boolean;
}

/**
 * The steps of a job in their order, a page after the other, whole. Of a long list only those pages are read again in
 * which something can have changed, and all of it when items were added in between.
 */
export class StepPages extends Store<StepListState> {
  readonly #read: ReadSteps;
  #pages: StepPage[] = [];
  #busy: Promise<void> | undefined;
  #again = false;

  constructor(read: ReadSteps) {
    super({ steps: [], total: 0, complete: false });
    this.#read = read;
  }

  /** Reads all pages from the first on. */
  readonly load = (): Promise<void> => this.#alone(() => this.#readFrom(0));

  /** Reads again what may have changed while the job ran. */
  readonly refresh = (): Promise<void> =>
    this.#alone(async () => {
      const total = this.#pages[0]?.total;
      for (const [index, page] of this.#pages.entries()) {
        if (!this.#mayChange(index)) continue;
        const fresh = await this.#read(this.#pages[index - 1]?.endCursor ?? null);
        // The last cursor moves when items came in between: then everything behind it does.
        if (fresh.total !== total || fresh.endCursor !== page.endCursor) return this.#readFrom(0);
        this.#put(index, fresh);
      }
      // What could not be read the last time.
      if (this.#pages.length === 0 || this.#pages.at(-1)?.hasMore) await this.#readFrom(this.#pages.length);
    });

  /** Takes over the whole list as a live payload carries it. */
  receive(steps: readonly StepOnPage[]): void {
    // A cursor is of use for reading on only, and behind the whole list there is nothing.
    const entries = steps.map((step) => ({ cursor: '', step }));
    this.#pages = [{ steps: entries, total: steps.length, endCursor: null, hasMore: false }];
    this.#publish();
  }

  async #readFrom(index: number): Promise<void> {
    for (let at = index, more = true; more; at++) {
      const page: StepPage = await this.#read(at === 0 ? null : (this.#pages[at - 1]?.endCursor ?? null));
      more = page.hasMore;
      if (!more) this.#pages.length = Math.min(this.#pages.length, at + 1);
      this.#put(at, page);
    }
  }

  /** Settled steps stay as they are; those that nothing has started yet change after those before them. */
  #mayChange(index: number): boolean {
    const statuses = this.#pages[index]?.steps.map(({ step }) => step.status) ?? [];
    if (statuses.some((status) => status === 'RUNNING' || status === 'WAITING')) return true;
    // Several lists may get on side by side, each from its own first step that is yet to start.
    const isToStart = (at: number) => this.#pages[at]?.steps.some(({ step }) => step.status === 'PENDING') ?? false;
    return isToStart(index) && !isToStart(index - 1);
  }

  #put(index: number, page: StepPage): void {
    this.#pages[index] = page;
    this.#publish();
  }

  #publish(): void {
    const last = this.#pages.at(-1);
    this.set({
      steps: this.#pages.flatMap(({ steps }) => steps.map(({ step }) => step)),
      total: this.#pages[0]?.total ?? 0,
      complete: last !== undefined && !last.hasMore,
    });
  }

  /** One reading at a time; what is asked for meanwhile is done once more afterwards, whole. */
  async #alone(task: () => Promise<void>): Promise<void> {
    if (this.#busy) {
      this.#again = true;
      return this.#busy;
    }
    this.#busy = (async () => {
      try {
        await task();
        while (this.#again) {
          this.#again = false;
          await this.#readFrom(0);
        }
      } catch {
        // The connection's state tells that the server is away; what comes back is read again.
      } finally {
        this.#busy = undefined;
        this.#again = false;
      }
    })();
    return this.#busy;
  }
}
