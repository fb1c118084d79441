/**
 * States that many watch, such as counts: each is read once for all of them when it may have changed, and told when it has.
 * The cursor is the state's own fingerprint, so whoever resumes hears the present state unless it is the one it knows. A
 * reader that is slow has one state waiting, the newest.
 */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { encodeStateCursor } from '../cursors.ts';
import { closeable } from './closeable.ts';
import { Inbox } from './inbox.ts';
import { Memo } from './memo.ts';
import { Ticker } from './ticker.ts';

const POLL_MS = 2_000;
/** Changes that come quicker are told as one. */
const SPACING_MS = 100;
/** A state that is dear to read is read so much more seldom that reading it takes at most a part of the time. */
const REST_PER_READ = 4;
const LONGEST_REST_MS = 2_000;
const LATEST_ONLY = { items: 1, bytes: Number.POSITIVE_INFINITY, stallMs: 0 };

/** Shared by everybody who watches the same. */
export interface StateUpdate<State> {
  state: State;
  cursor: string;
  memo: Memo;
}

export interface StateFeedOptions<Interest, State> {
  /** What its cursors begin with. */
  name: string;
  read(interest: Interest): Promise<State>;
  onError(error: unknown): void;
}

export class StateFeed<Interest, State> {
  readonly #options: StateFeedOptions<Interest, State>;
  readonly #watched = new Map<string, WatchedState<Interest, State>>();

  constructor(options: StateFeedOptions<Interest, State>) {
    this.#options = options;
  }

  /** Says that something may have changed. */
  wake(): void {
    for (const watched of this.#watched.values()) watched.wake();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#watched.values()].map((watched) => watched.close()));
  }

  /** The present state, unless it is that of the cursor, and then each new one. */
  watch(interest: Interest, after?: string): AsyncGenerator<StateUpdate<State>, void, void> {
    return closeable((left) => this.#watch(interest, after, left));
  }

  async *#watch(
    interest: Interest,
    after: string | undefined,
    left: AbortSignal,
  ): AsyncGenerator<StateUpdate<State>, void, void> {
    const key = JSON.stringify(interest);
    const inbox = new Inbox<StateUpdate<State>>(LATEST_ONLY, () => undefined);
    const finish = () => inbox.finish('closed');
    left.addEventListener('abort', finish, { once: true });
    const watched = this.#watched.get(key) ?? new WatchedState(this.#options, interest);
    this.#watched.set(key, watched);
    watched.add(inbox, after);
    try {
      for (;;) {
        const next = await inbox.take();
        if ('end' in next) return;
        yield next.item;
      }
    } finally {
      left.removeEventListener('abort', finish);
      if (watched.remove(inbox)) {
        this.#watched.delete(key);
        await watched.close();
      }
    }
  }
}

class WatchedState<Interest, State> {
  readonly #name: string;
  readonly #read: () => Promise<State>;
  readonly #ticker: Ticker;
  readonly #closed = new AbortController();
  /** What each reader was told last. */
  readonly #told = new Map<Inbox<StateUpdate<State>>, string | undefined>();
  #restUntil = Number.NEGATIVE_INFINITY;

  constructor({ name, onError, read }: StateFeedOptions<Interest, State>, interest: Interest) {
    this.#name = name;
    this.#read = () => read(interest);
    this.#ticker = new Ticker({ work: () => this.#tell(), pollMs: POLL_MS, onPoll: () => this.wake(), onError });
  }

  wake(): void {
    this.#ticker.wake();
  }

  add(inbox: Inbox<StateUpdate<State>>, after: string | undefined): void {
    this.#told.set(inbox, after);
    this.wake();
  }

  /** Whether that was the last one. */
  remove(inbox: Inbox<StateUpdate<State>>): boolean {
    return this.#told.delete(inbox) && this.#told.size === 0;
  }

  async close(): Promise<void> {
    this.#closed.abort();
    for (const inbox of this.#told.keys()) inbox.finish('ended');
    await this.#ticker.close();
  }

  async #tell(): Promise<void> {
    await this.#rest();
    if (this.#closed.signal.aborted) return;
    // Whoever comes while this reads has called for another reading: what is read here may be older than its coming.
    const readers = [...this.#told.keys()];
    const began = performance.now();
    const state = await this.#read();
    const took = performance.now() - began;
    this.#restUntil = began + took + Math.min(Math.max(SPACING_MS, took * REST_PER_READ), LONGEST_REST_MS);
    const update = { state, cursor: this.#cursorOf(state), memo: new Memo() };
    for (const inbox of readers) {
      if (!this.#told.has(inbox) || this.#told.get(inbox) === update.cursor) continue;
      this.#told.set(inbox, update.cursor);
      inbox.push('state', update, 0);
    }
  }

  async #rest(): Promise<void> {
    const left = this.#restUntil - performance.now();
    if (left > 0) await delay(left, undefined, { signal: this.#closed.signal }).catch(() => undefined);
  }

  #cursorOf(state: State): string {
    const text = JSON.stringify(state, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
    return encodeStateCursor(this.#name, createHash('sha256').update(text).digest('base64url'));
  }
}
