import type { LogLine } from './line.ts';

/** A stretch of a log, oldest line first. */
export interface LogPage {
  lines: readonly LogLine[];
  /** How many lines there are in all. */
  total: number;
  hasOlder: boolean;
  /** What `older` wants to have to go on before this page. */
  startCursor: string | null;
}

export interface LogSink {
  /** A batch, which may be empty, and the cursor to go on after it. */
  lines(lines: readonly LogLine[], cursor: string): void;
  complete(): void;
  fail(message: string): void;
}

/** Where a log comes from. Failures reject with words for the reader. */
export interface LogSource {
  /** The end of the log, and where to follow it from without missing a line; null when the log is empty. */
  latest(count: number): Promise<LogPage & { followFrom: string | null }>;
  older(before: string, count: number): Promise<LogPage>;
  /** What was written behind a cursor, or from the beginning; for catching up while following is not possible. */
  newer(after: string | null, count: number): Promise<{ lines: readonly LogLine[]; hasNewer: boolean }>;
  /** Sends what came after the cursor and what comes from now on, until the returned function is called or the log is complete. */
  follow(after: string | null, sink: LogSink): () => void;
}

export interface LogState {
  lines: readonly LogLine[];
  total: number;
  hasOlder: boolean;
  loading: 'latest' | 'older' | 'nothing';
  error: string | undefined;
  /** Whether no line will be added any more. */
  complete: boolean;
}

interface Options {
  /** Lines read at once. */
  page?: number;
  /** Lines kept while new ones arrive; the oldest go first and are read again when they are scrolled to. */
  limit?: number;
  /** Runs a task at the next frame, so that lines that arrive together are drawn together. */
  schedule?: (task: () => void) => void;
}

/**
 * The lines of one log view, outside React and outside the GraphQL cache: the end of the log first, older pages on
 * demand, then live lines. Whatever is sent twice, after a cut say, is there once; the order is that of the numbers.
 */
export class LogStore {
  readonly #source: LogSource;
  readonly #page: number;
  readonly #limit: number;
  readonly #schedule: (task: () => void) => void;
  #listeners = new Set<() => void>();
  #lines: LogLine[] = [];
  #startCursor: string | null = null;
  #followFrom: string | null = null;
  #state: LogState = { lines: [], total: 0, hasOlder: false, loading: 'nothing', error: undefined, complete: false };
  #scheduled = false;
  #running = 0;
  #unfollow = () => {};

  constructor(source: LogSource, { page = 500, limit = 50_000, schedule = nextFrame }: Options = {}) {
    this.#source = source;
    this.#page = page;
    this.#limit = limit;
    this.#schedule = schedule;
  }

  readonly getState = (): LogState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Reads the end of the log, then follows it. Started again after `stop`, it goes on where it was. */
  async start(): Promise<void> {
    const run = ++this.#running;
    if (this.#followFrom === null) await this.#readLatest(run);
    if (run !== this.#running || this.#state.error !== undefined || this.#state.complete) return;
    let unsure = this.#followFrom === null;
    this.#unfollow = this.#source.follow(this.#followFrom, {
      lines: (lines, cursor) => {
        this.#followFrom = cursor;
        this.#add(lines);
        // A log that was empty when it was read has no cursor to follow from: what was written between reading and
        // following is read now, when following has surely begun.
        if (unsure) void this.#readLatest(run);
        unsure = false;
      },
      complete: () => this.#change({ complete: true }),
      fail: (message) => this.#change({ error: message }),
    });
  }

  /** Goes on with a log that had ended, because its job is under way again. */
  reopen(): void {
    if (!this.#state.complete) return;
    this.#change({ complete: false });
    void this.start();
  }

  /** Stops following; what is there stays. */
  stop(): void {
    this.#running++;
    this.#unfollow();
    this.#unfollow = () => {};
  }

  /** Reads the page before the first line, if there is one and none is being read. */
  async loadOlder(): Promise<void> {
    if (this.#state.loading !== 'nothing' || !this.#state.hasOlder || this.#startCursor === null) return;
    this.#change({ loading: 'older' });
    try {
      const page = await this.#source.older(this.#startCursor, this.#page);
      this.#startCursor = page.startCursor ?? this.#startCursor;
      this.#merge(page.lines);
      this.#change({ hasOlder: page.hasOlder, loading: 'nothing', error: undefined });
    } catch (error) {
      this.#change({ loading: 'nothing', error: wordsOf(error) });
    }
  }

  /** Reads what was written meanwhile, for when live lines do not arrive. A failure is left to the next time. */
  async catchUp(): Promise<void> {
    if (this.#state.complete || this.#state.loading !== 'nothing') return;
    try {
      for (let more = true; more; ) {
        const { lines, hasNewer } = await this.#source.newer(this.#followFrom, this.#page);
        this.#followFrom = lines.at(-1)?.cursor ?? this.#followFrom;
        this.#add(lines);
        more = hasNewer;
      }
    } catch {
      // The connection's state tells already that the server is away.
    }
  }

  /** Tries again what failed. */
  retry(): void {
    if (this.#lines.length > 0) {
      this.#change({ error: undefined });
      void this.loadOlder();
    } else {
      void this.start();
    }
  }

  async #readLatest(run: number): Promise<void> {
    this.#change({ loading: 'latest', error: undefined });
    try {
      const page = await this.#source.latest(this.#page);
      if (run !== this.#running) return this.#change({ loading: 'nothing' });
      this.#startCursor = page.startCursor;
      this.#followFrom ??= page.followFrom;
      this.#merge(page.lines);
      this.#change({ total: Math.max(page.total, this.#lines.length), hasOlder: page.hasOlder, loading: 'nothing' });
    } catch (error) {
      this.#change({ loading: 'nothing', error: wordsOf(error) });
    }
  }

  #add(lines: readonly LogLine[]): void {
    const before = this.#lines.length;
    this.#merge(lines);
    this.#state = { ...this.#state, total: this.#state.total + this.#lines.length - before };
    if (this.#lines.length > this.#limit) this.#dropOldest();
    this.#publish();
  }

  /** Puts lines where their numbers say; nearly always that is the end, where the array simply grows. */
  #merge(lines: readonly LogLine[]): void {
    let last = this.#lines.at(-1)?.seq ?? 0;
    const inOrder = lines.every(({ seq }) => {
      const follows = seq > last;
      last = seq;
      return follows;
    });
    if (inOrder) {
      for (const line of lines) this.#lines.push(line);
      return;
    }
    // A new array, since the present one may be being drawn.
    const all = [...this.#lines, ...lines].sort((a, b) => a.seq - b.seq);
    this.#lines = all.filter((line, index) => line.seq !== all[index - 1]?.seq);
  }

  #dropOldest(): void {
    this.#lines = this.#lines.slice(-Math.floor(this.#limit * 0.8));
    this.#startCursor = this.#lines[0]?.cursor ?? null;
    this.#state = { ...this.#state, hasOlder: true };
  }

  #change(change: Partial<LogState>): void {
    this.#state = { ...this.#state, ...change };
    this.#publish();
  }

  #publish(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => {
      this.#scheduled = false;
      this.#state = { ...this.#state, lines: this.#lines };
      for (const listener of this.#listeners) listener();
    });
  }
}

function nextFrame(task: () => void): void {
  // A hidden page has no frames.
  if (document.hidden) setTimeout(task, 250);
  else requestAnimationFrame(task);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : 'The log could not be read.';
}
