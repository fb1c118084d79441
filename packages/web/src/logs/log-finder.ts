import { Store } from '../app/store.ts';
import type { LogSelection } from './line.ts';
import { readLog } from './read-log.ts';

export interface Findings {
  search: string;
  /** How many lines match; undefined while they are counted. */
  total: number | undefined;
  /** The number of the line that was found last. */
  line: number | undefined;
  /** Which of the matches that is, from 1; undefined while it is counted. */
  index: number | undefined;
  busy: boolean;
  error: string | undefined;
  /** The last line that was known of when it was looked for. */
  upTo: number;
}

const NOTHING: Findings = {
  search: '',
  total: undefined,
  line: undefined,
  index: undefined,
  busy: false,
  error: undefined,
  upTo: 0,
};

/** Finds a text in a log of any length, on the server: all of it, whatever of it is here. */
export class LogFinder extends Store<Findings> {
  readonly #jobId: string;
  readonly #selection: LogSelection;
  #asked = 0;

  constructor(jobId: string, selection: LogSelection) {
    super(NOTHING);
    this.#jobId = jobId;
    this.#selection = selection;
  }

  /** Looks for another text, from the end of the log backwards. Resolves with the number of the line that has it. */
  async search(search: string, upTo: number): Promise<number | undefined> {
    this.#asked++;
    this.set({ ...NOTHING, search });
    return search === '' ? undefined : this.#find('previous', undefined, upTo);
  }

  /** Goes to the next match, or the one before, and from the last to the first. */
  async go(way: 'next' | 'previous', upTo: number): Promise<number | undefined> {
    const { line, search } = this.get();
    if (search === '') return undefined;
    if (line === undefined) return this.#find(way, undefined, upTo);
    return this.#find(way, way === 'next' ? line + 1 : line - 1, upTo);
  }

  async #find(way: 'next' | 'previous', from: number | undefined, upTo: number): Promise<number | undefined> {
    const asked = ++this.#asked;
    const current = () => asked === this.#asked;
    const selection = { ...this.#selection, search: this.get().search };
    this.set({ ...this.get(), busy: true, error: undefined, upTo });
    try {
      const found = (await this.#first(selection, way, from)) ?? (await this.#first(selection, way, undefined));
      if (!current()) return undefined;
      this.set({
        ...this.get(),
        busy: false,
        line: found,
        index: undefined,
        total: found === undefined ? 0 : this.get().total,
      });
      if (found !== undefined) void this.#count(selection, found, current);
      return found;
    } catch (error) {
      if (current())
        this.set({ ...this.get(), busy: false, error: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  }

  async #first(
    selection: LogSelection,
    way: 'next' | 'previous',
    from: number | undefined,
  ): Promise<number | undefined> {
    const page = await readLog(
      this.#jobId,
      selection,
      way === 'next' ? { first: 1, fromSeq: from } : { last: 1, toSeq: from },
    );
    return page.edges[0]?.node.seq;
  }

  async #count(selection: LogSelection, found: number, current: () => boolean): Promise<void> {
    try {
      const [all, upToHere] = await Promise.all([
        readLog(this.#jobId, selection, { first: 0, count: true }),
        readLog(this.#jobId, selection, { first: 0, count: true, toSeq: found }),
      ]);
      if (current()) this.set({ ...this.get(), total: all.totalCount, index: upToHere.totalCount });
    } catch {
      // The match is shown; how many there are is told with the next one.
    }
  }
}
