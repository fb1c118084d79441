/**
 * Changes of jobs for the subscribers of one process. One reader follows the stream of events, woken by hints and a slow
 * poll; what it reads is handed to everybody whom it concerns. Whoever joins with a cursor, or falls behind, reads up to
 * the place where the shared reader stands and then goes on with the others.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '@signalbox/db/client';
import {
  currentEventPosition,
  type EventPosition,
  isWithin,
  type JobEventRow,
  readEventsAfter,
} from '@signalbox/db/events';
import { comparePositions, type ResumePlace } from '../cursors.ts';
import { isDatabaseOutage } from '../database-outage.ts';
import { closeable } from './closeable.ts';
import { INBOX_LIMITS, Inbox, type InboxLimits } from './inbox.ts';
import { interestKey, type JobChange, type JobInterest, JobScope } from './job-scope.ts';
import { throughOutage } from './through-outage.ts';
import { Ticker } from './ticker.ts';

const POLL_MS = 2_000;
const BATCH = 1_000;
/** Events of transactions that have not ended yet hide what comes behind them; this is how soon they are looked for again. */
const HIDDEN_RETRY_MS = 20;

export interface FeedOptions {
  onError: (error: unknown) => void;
  limits?: InboxLimits;
}

export interface WatchOptions {
  /** Only what comes behind. */
  after: ResumePlace;
  /** Read before anything else; they are as old as `after`. */
  present?: JobChange[];
  /** The reader has missed something and does not read; its connection should be cut. */
  giveUp: () => void;
}

export class JobFeed {
  readonly #db: Database;
  readonly #limits: InboxLimits;
  readonly #ticker: Ticker;
  readonly #scopes = new Map<string, JobScope>();
  /** Everything up to here was handed on. Undefined while nobody listens. */
  #position: EventPosition | undefined;
  #starting: Promise<void> | undefined;
  /** The last batch, from its reading until it is handed on. */
  #reading: Promise<void> | undefined;

  constructor(db: Database, { onError, limits = INBOX_LIMITS }: FeedOptions) {
    this.#db = db;
    this.#limits = limits;
    this.#ticker = new Ticker({
      work: () => (this.#reading = this.#read()),
      pollMs: POLL_MS,
      onPoll: () => this.wake(),
      onError,
    });
  }

  /** Says that something has changed. */
  wake(): void {
    if (this.#scopes.size > 0) this.#ticker.wake();
  }

  async close(): Promise<void> {
    for (const scope of this.#scopes.values()) {
      for (const inbox of scope.inboxes) inbox.finish('ended');
    }
    await this.#ticker.close();
  }

  /** The changes behind `after`, each once and in order, several of one job told as one. Ends when a watched job is deleted. */
  watch(interest: JobInterest, options: WatchOptions): AsyncGenerator<JobChange, void, void> {
    return closeable((left) => this.#watch(interest, options, left));
  }

  async *#watch(
    interest: JobInterest,
    { after, present = [], giveUp }: WatchOptions,
    left: AbortSignal,
  ): AsyncGenerator<JobChange, void, void> {
    let place = after.position;
    const isNews = ({ xid, id }: EventPosition) =>
      comparePositions({ xid, id }, place) > 0 && !(after.snapshot && isWithin(after.snapshot, xid));
    for (;;) {
      const inbox = new Inbox<JobChange>(this.#limits, giveUp);
      const finish = () => inbox.finish('closed');
      left.addEventListener('abort', finish, { once: true });
      const { scope, detach } = await this.#attach(interest, inbox, place);
      try {
        // Attached: from here on nothing is missed. First what the shared reader had handed on before.
        yield* inbox.offer(present.splice(0));
        const joined = this.#position ?? place;
        while (comparePositions(place, joined) < 0 && !left.aborted) {
          const from = place;
          const { events } = await throughOutage(() => readEventsAfter(this.#db, from, BATCH, interest.jobId));
          const missed = events.filter((event) => comparePositions(event, joined) <= 0);
          const news = missed.filter(isNews);
          for (const change of inbox.offer(await throughOutage(() => scope.pastChanges(this.#db, news)))) {
            yield change;
            if (isOver(interest, change)) return;
          }
          place = missed.length < BATCH ? joined : (missed.at(-1) ?? joined);
        }
        for (;;) {
          const next = await inbox.take();
          if ('end' in next) {
            if (next.end === 'missed') break;
            return;
          }
          if (!isNews(next.item.position)) continue;
          place = next.item.position;
          yield next.item;
          if (isOver(interest, next.item)) return;
        }
      } finally {
        left.removeEventListener('abort', finish);
        inbox.finish('closed');
        detach();
      }
    }
  }

  /** Resolves when everything that the shared reader hands on from now on comes into the inbox too. */
  async #attach(
    interest: JobInterest,
    inbox: Inbox<JobChange>,
    place: EventPosition,
  ): Promise<{ scope: JobScope; detach: () => void }> {
    const key = interestKey(interest);
    if (!this.#scopes.has(key)) {
      const prepared = new JobScope(interest);
      await prepared.prepare(this.#db);
      if (!this.#scopes.has(key)) this.#scopes.set(key, prepared);
    }
    const scope = this.#scopes.get(key) as JobScope;
    scope.inboxes.add(inbox);
    const detach = () => {
      scope.inboxes.delete(inbox);
      if (scope.inboxes.size === 0 && this.#scopes.get(key) === scope) this.#scopes.delete(key);
      if (this.#scopes.size === 0) this.#position = undefined;
    };
    try {
      this.#starting ??= this.#start().finally(() => {
        this.#starting = undefined;
      });
      await this.#starting;
      // What the shared reader has still to hand on may have matched in between, and the newcomer may have seen it so.
      const behind = this.#position && comparePositions(this.#position, place) < 0 ? this.#position : place;
      await scope.rememberSince(this.#db, behind);
      // Which of a batch that is under way concern this scope was perhaps said before that was remembered.
      await this.#reading?.catch(() => undefined);
    } catch (error) {
      detach();
      throw error;
    }
    return { scope, detach };
  }

  async #start(): Promise<void> {
    if (this.#position) return;
    this.#position = await currentEventPosition(this.#db);
    this.#ticker.wake();
  }

  async #read(): Promise<void> {
    const from = this.#position;
    if (!from) return;
    const { events, more } = await readEventsAfter(this.#db, from, BATCH);
    const last = events.at(-1);
    const changes = new Map<JobScope, JobChange[]>();
    // A scope that comes while the others are asked must not miss this batch.
    for (let next = this.#unasked(changes); next; next = this.#unasked(changes)) {
      changes.set(next, last ? await this.#ask(next, events) : []);
    }
    if (this.#position !== from) return;
    // From here on nothing waits: whoever attaches sees either none of it or all of it.
    if (last) this.#position = { xid: last.xid, id: last.id };
    for (const [scope, news] of changes) {
      for (const inbox of scope.inboxes) {
        for (const change of news) inbox.push(change.jobId, change, change.cursor.length);
      }
    }
    if (!more) return;
    if (events.length < BATCH) await delay(HIDDEN_RETRY_MS);
    this.#ticker.wake();
  }

  /** A filter that cannot be asked for, or takes the database too long, ends those who watch it: all others would wait for it. */
  async #ask(scope: JobScope, events: readonly JobEventRow[]): Promise<JobChange[]> {
    try {
      return await scope.newChanges(this.#db, events);
    } catch (error) {
      if (isDatabaseOutage(error)) throw error;
      this.#scopes.delete(interestKey(scope.interest));
      for (const inbox of scope.inboxes) inbox.fail(error);
      return [];
    }
  }

  #unasked(asked: ReadonlyMap<JobScope, unknown>): JobScope | undefined {
    for (const scope of this.#scopes.values()) {
      if (!asked.has(scope)) return scope;
    }
    return undefined;
  }
}

function isOver(interest: JobInterest, change: JobChange): boolean {
  return interest.jobId !== undefined && change.deleted;
}
