import type { Client, CombinedError } from '@urql/core';
import { Store } from '../../app/store.ts';
import { type Subject, SubjectsPage } from './documents.ts';

export interface SubjectList {
  /** Undefined until the first are there. */
  subjects: readonly Subject[] | undefined;
  hasMore: boolean;
  /** How many match in all. */
  total: number | undefined;
  /** Why the last read failed. */
  error: CombinedError | undefined;
}

const PAGE = 50;
/** The most that the API gives at once. */
const MOST = 200;

/** The subjects that match a search, as far down as somebody has scrolled. One read at a time; what is asked for meanwhile follows. */
export class SubjectPages {
  readonly state = new Store<SubjectList>({ subjects: undefined, hasMore: true, total: undefined, error: undefined });
  readonly #client: Client;
  readonly #search: string;
  #end: string | undefined;
  #wanted = { refresh: false, more: false };
  #working = false;

  constructor(client: Client, search: string) {
    this.#client = client;
    this.#search = search;
  }

  /** Reads again what is there. */
  refresh(): void {
    this.#wanted.refresh = true;
    void this.#work();
  }

  more(): void {
    if (!this.state.get().hasMore) return;
    this.#wanted.more = true;
    void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    while (this.#wanted.refresh || this.#wanted.more) {
      const { refresh } = this.#wanted;
      if (refresh) this.#wanted.refresh = false;
      else this.#wanted.more = false;
      const { subjects = [] } = this.state.get();
      if (refresh) await this.#read([], Math.max(PAGE, subjects.length));
      else await this.#read(subjects, PAGE, this.#end);
    }
    this.#working = false;
  }

  /** Reads `count` subjects behind a cursor, in as many requests as that takes, and shows them behind `before`. */
  async #read(before: readonly Subject[], count: number, after?: string): Promise<void> {
    const found: Subject[] = [];
    for (let cursor = after; ; ) {
      const { data, error } = await this.#client.query(
        SubjectsPage,
        { first: Math.min(MOST, count - found.length), after: cursor, search: this.#search || undefined },
        { requestPolicy: 'network-only' },
      );
      if (!data) return this.state.set({ ...this.state.get(), error });
      const { edges, pageInfo, totalCount } = data.subjects;
      found.push(...edges.map(({ node }) => node));
      cursor = pageInfo.endCursor ?? cursor;
      if (pageInfo.hasNextPage && found.length < count) continue;
      this.#end = cursor;
      const subjects = [...before, ...found];
      return this.state.set({ subjects, hasMore: pageInfo.hasNextPage, total: totalCount, error: undefined });
    }
  }
}
