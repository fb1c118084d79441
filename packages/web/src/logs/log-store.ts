import type { LogLine } from './line.ts';
import { LineWindow } from './line-window.ts';
import { LOG_AT_FIRST, type LogEnd, type LogSource, type LogState } from './log-source.ts';

interface Options {
  /** Lines read at once. */
  page?: number;
  /** Lines kept at a time; what goes is read again when somebody scrolls there. */
  limit?: number;
  /** Runs a task at the next frame, so that lines that arrive together are drawn together. */
  schedule?: (task: () => void) => void;
}

/**
 * The lines of one log view, outside React and outside the GraphQL cache: a bounded window of a log of any length, at
 * its end first, anywhere on demand. Live lines are added while the window is at the end. Whatever is sent twice,
 * after a cut say, is there once; the order is that of the numbers.
 */
export class LogStore {
  readonly #source: LogSource;
  readonly #page: number;
  readonly #limit: number;
  readonly #schedule: (task: () => void) => void;
  readonly #window = new LineWindow();
  #listeners = new Set<() => void>();
  #followFrom: string | null = null;
  #readerAtEnd = true;
  #state: LogState = LOG_AT_FIRST;
  /** A line that was asked for and is still to be written. */
  #awaited: number | undefined;
  #jumps = 0;
  #scheduled = false;
  #running = 0;
  #reading = 0;
  #unfollow = () => {};

  constructor(source: LogSource, { page = 500, limit = 6_000, schedule = nextFrame }: Options = {}) {
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

  /**
   * Reads the end of the log, or a place in it, then follows its end. Started again after `stop`, it goes on where it
   * was.
   */
  async start(place?: number): Promise<void> {
    const run = ++this.#running;
    if (this.#followFrom === null) {
      await this.#readLatest();
      if (place !== undefined && this.#state.error === undefined) await this.jumpTo(place);
    }
    if (run !== this.#running || this.#state.error !== undefined || this.#state.complete) return;
    let unsure = this.#followFrom === null;
    this.#unfollow = this.#source.follow(this.#followFrom, {
      lines: (lines, cursor) => {
        this.#followFrom = cursor;
        this.#add(lines);
        // A log that was empty when it was read has no cursor to follow from: what was written between reading and
        // following is read now, when following has surely begun.
        if (unsure) void this.#readLatest();
        unsure = false;
        this.#pursue();
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

  /** Whether the reader looks at the last line: only then may the first ones go when the window is full. */
  atEnd(is: boolean): void {
    this.#readerAtEnd = is;
    if (!is) this.forget();
  }

  /** Gives up waiting for a line that is still to be written. */
  forget(): void {
    this.#awaited = undefined;
  }

  /** Reads the page before the first line, if there is one and none is being read. */
  async loadOlder(): Promise<void> {
    const { first } = this.#window;
    if (this.#state.loading !== 'nothing' || !this.#state.hasOlder || !first) return;
    await this.#read('older', async (current) => {
      const page = await this.#source.older(first.cursor, this.#page);
      if (!current() || this.#window.first !== first) return;
      this.#window.merge(page.lines);
      const hasNewer = this.#window.keep('oldest', this.#limit) || this.#state.hasNewer;
      this.#change({ hasOlder: page.hasOlder, hasNewer });
    });
  }

  /** Reads the page behind the last line, if it is not the end of the log and nothing is being read. */
  async loadNewer(): Promise<void> {
    const { last } = this.#window;
    if (this.#state.loading !== 'nothing' || !this.#state.hasNewer || !last) return;
    await this.#read('newer', async (current) => {
      const page = await this.#source.newer(last.cursor, this.#page);
      if (!current() || this.#window.last !== last) return;
      this.#window.merge(page.lines);
      const hasOlder = this.#window.keep('newest', this.#limit) || this.#state.hasOlder;
      this.#change({ hasOlder, hasNewer: page.hasNewer || this.#endsEarly() });
    });
  }

  /**
   * Shows the log around a line: its place is told by `place`. Until a line that is still to be written is there, the end
   * is shown, where it will come.
   */
  async jumpTo(seq: number): Promise<void> {
    this.#awaited = seq > this.#state.lastSeq ? seq : undefined;
    if (this.#awaited !== undefined) return this.#showEnd();
    this.#jumps++;
    const { first, last } = this.#window;
    if (first && last && seq >= first.seq && seq <= last.seq) {
      this.#change({ place: { seq } });
      return;
    }
    await this.#read('place', async (current) => {
      const page = await this.#source.around(seq, this.#page);
      if (!current() || page.lines.length === 0) return;
      this.#window.replace(page.lines);
      this.#change({ ...page, hasNewer: page.hasNewer || this.#endsEarly(), place: { seq } });
    });
  }

  /** Reads the lines around one again and adds those that had not arrived. */
  async fill(seq: number): Promise<void> {
    await this.#read('place', async (current) => {
      const { lines } = await this.#source.around(seq, this.#page);
      if (current() && this.#window.meets(lines)) this.#window.merge(lines);
    });
  }

  /** Shows the end of the log. */
  async jumpToEnd(): Promise<void> {
    this.#awaited = undefined;
    await this.#showEnd();
  }

  /** Reads what was written meanwhile, for when live lines do not arrive. A failure is left to the next time. */
  async catchUp(): Promise<void> {
    if (this.#state.complete || this.#state.loading !== 'nothing') return;
    try {
      for (let more = true; more; ) {
        const { lines, hasNewer } = await this.#source.newer(this.#followFrom, this.#page);
        this.#followFrom = lines.at(-1)?.cursor ?? this.#followFrom;
        this.#add(lines);
        this.#pursue();
        more = hasNewer;
      }
    } catch {
      // The connection's state tells already that the server is away.
    }
  }

  /** Tries again what failed. */
  retry(): void {
    if (this.#window.first) this.#change({ error: undefined });
    else void this.start();
  }

  async #showEnd(): Promise<void> {
    const jump = ++this.#jumps;
    if (this.#state.hasNewer) await this.#readLatest();
    // Else somebody has jumped elsewhere meanwhile.
    if (jump === this.#jumps) this.#change({ place: { seq: 'end' } });
  }

  /** Shows the line that was waited for, once it is there. */
  #pursue(): void {
    if (this.#awaited !== undefined && this.#awaited <= this.#state.lastSeq) void this.jumpTo(this.#awaited);
  }

  async #readLatest(): Promise<void> {
    await this.#read('latest', async (current) => {
      const page = await this.#source.latest(this.#page);
      this.#followFrom ??= page.followFrom;
      const { hasNewer } = this.#state;
      this.#learn(page);
      // Somebody has jumped elsewhere meanwhile, and something is there.
      if (!current() && this.#window.first) return;
      const [first] = page.lines;
      if (!hasNewer && this.#window.meets(page.lines)) this.#window.merge(page.lines);
      else if (first && (hasNewer || first.seq > (this.#window.last?.seq ?? 0))) this.#window.replace(page.lines);
      // Else a later answer has overtaken this one.
      else return;
      const hasOlder = this.#window.first?.seq === first?.seq ? page.hasOlder : this.#state.hasOlder;
      this.#change({ hasOlder, hasNewer: this.#endsEarly() });
    });
    this.#pursue();
  }

  /** Takes what the end of the log tells of the whole, unless later lines were told of since. */
  #learn({ firstSeq, lines, total }: LogEnd): void {
    const lastSeq = lines.at(-1)?.seq ?? 0;
    if (lastSeq < this.#state.lastSeq) return;
    this.#change({ firstSeq, lastSeq, total });
    if (this.#window.first) this.#change({ hasNewer: this.#state.hasNewer || this.#endsEarly() });
  }

  /** Whether lines are known of behind the window: live ones that were left out of it, say. */
  #endsEarly(): boolean {
    return (this.#window.last?.seq ?? 0) < this.#state.lastSeq;
  }

  /** One reading at a time counts: a later one makes an earlier one's answer worthless. */
  async #read(loading: LogState['loading'], task: (current: () => boolean) => Promise<void>): Promise<void> {
    const reading = ++this.#reading;
    const current = () => reading === this.#reading;
    this.#change({ loading, error: undefined });
    try {
      await task(current);
      if (current()) this.#change({ loading: 'nothing' });
    } catch (error) {
      if (current()) this.#change({ loading: 'nothing', error: wordsOf(error) });
    }
  }

  #add(lines: readonly LogLine[]): void {
    const { firstSeq, hasNewer, hasOlder, lastSeq, total } = this.#state;
    const fresh = lines.filter(({ seq }) => seq > lastSeq);
    this.#change({
      firstSeq: firstSeq || (lines[0]?.seq ?? 0),
      lastSeq: fresh.at(-1)?.seq ?? lastSeq,
      total: total + fresh.length,
    });
    const there = this.#window.lines.length;
    // Nobody reads what is empty, and from it no reading of more could begin.
    const room = this.#readerAtEnd || there === 0 || there + lines.length <= this.#limit;
    if (hasNewer || !room) {
      // Somebody reads further up: nothing is taken from under their eyes.
      this.#change({ hasNewer: hasNewer || this.#endsEarly() });
      return;
    }
    // What lies before the window may not reach it.
    const first = hasOlder ? (this.#window.first?.seq ?? 0) : 0;
    this.#window.merge(lines.filter(({ seq }) => seq >= first));
    this.#change({ hasOlder: this.#window.keep('newest', this.#limit) || hasOlder });
  }

  #change(change: Partial<LogState>): void {
    this.#state = { ...this.#state, ...change };
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule(() => {
      this.#scheduled = false;
      this.#state = { ...this.#state, lines: this.#window.lines };
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
