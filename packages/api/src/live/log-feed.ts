/**
 * Log lines for the subscribers of one process. However many read the log of a job, each new line is read once. Whoever
 * joins with a cursor, or falls behind, reads up to the shared place and then goes on with the others.
 */
import type { Database } from '@signalbox/db/client';
import { readLogGrowth } from '@signalbox/db/log-growth';
import { readLogHead } from '@signalbox/db/log-pages';
import { closeable } from './closeable.ts';
import { INBOX_LIMITS, Inbox, type InboxLimits } from './inbox.ts';
import type { FeedOptions } from './job-feed.ts';
import { BATCH_LINES, batchOf, behind, type LogBatch, type LogInterest, LogTail } from './log-tail.ts';
import { PastLog } from './past-log.ts';
import { Ticker } from './ticker.ts';

const POLL_MS = 2_000;

/** Read by one statement, which gives at most a page of each. */
const LOGS_AT_ONCE = 8;

export interface ReadLogOptions {
  /** Only lines behind this number; from the beginning, and with an empty first batch for an empty log, when absent. */
  after?: number;
  /** The reader has missed something and does not read; its connection should be cut. */
  giveUp: () => void;
}

export class LogFeed {
  readonly #db: Database;
  readonly #limits: InboxLimits;
  readonly #ticker: Ticker;
  readonly #past: PastLog;
  readonly #tails = new Map<string, LogTail>();
  /** Jobs whose log may have grown. */
  readonly #due = new Set<string>();

  constructor(db: Database, { onError, limits = INBOX_LIMITS }: FeedOptions) {
    this.#db = db;
    this.#limits = limits;
    this.#past = new PastLog(db);
    this.#ticker = new Ticker({ work: () => this.#read(), pollMs: POLL_MS, onPoll: () => this.wake(), onError });
  }

  /** Says that the logs of these jobs have grown or that the jobs have changed; all of them when nothing is known. */
  wake(jobIds?: readonly string[]): void {
    const watched = jobIds?.filter((id) => this.#tails.has(id));
    if (this.#tails.size === 0 || watched?.length === 0) return;
    for (const id of watched ?? this.#tails.keys()) this.#due.add(id);
    this.#ticker.wake();
  }

  async close(): Promise<void> {
    for (const tail of this.#tails.values()) tail.end();
    await this.#ticker.close();
  }

  /** The lines behind `after`, each once and in order. Ends when the job is final and everything was told, or is gone. */
  read(interest: LogInterest, options: ReadLogOptions): AsyncGenerator<LogBatch, void, void> {
    return closeable((left) => this.#readFor(interest, options, left));
  }

  async *#readFor(
    { jobId, stepKey }: LogInterest,
    { after, giveUp }: ReadLogOptions,
    left: AbortSignal,
  ): AsyncGenerator<LogBatch, void, void> {
    let place = after ?? 0;
    let first = after === undefined;
    for (;;) {
      const inbox = new Inbox<LogBatch>(this.#limits, giveUp);
      const finish = () => inbox.finish('closed');
      left.addEventListener('abort', finish, { once: true });
      const tail = await this.#attach(jobId, stepKey, inbox);
      if (!tail) return;
      try {
        // Attached: from here on nothing is missed. First what the shared reader had handed on before.
        const joined = tail.seq;
        while (place < joined && !left.aborted) {
          const past = await this.#past.read({ jobId, stepKey }, place, joined);
          place = past.place;
          if (past.batch.lines.length === 0) continue;
          first = false;
          yield* inbox.offer([past.batch]);
        }
        if (first) yield* inbox.offer([batchOf([], place)]);
        first = false;
        for (;;) {
          const next = await inbox.take();
          if ('end' in next) {
            if (next.end === 'missed') break;
            return;
          }
          if (next.item.lastSeq <= place) continue;
          const batch = behind(next.item, place);
          place = batch.lastSeq;
          yield batch;
        }
      } finally {
        left.removeEventListener('abort', finish);
        inbox.finish('closed');
        this.#detach(tail, stepKey, inbox);
      }
    }
  }

  /** Nothing when the job is gone. */
  async #attach(jobId: string, stepKey: string | null, inbox: Inbox<LogBatch>): Promise<LogTail | undefined> {
    let tail = this.#liveTail(jobId);
    if (!tail) {
      const head = await readLogHead(this.#db, jobId);
      if (!head) return undefined;
      tail = this.#liveTail(jobId) ?? new LogTail(head);
      this.#tails.set(jobId, tail);
    }
    tail.add(stepKey, inbox);
    // What happened while nobody looked is found now and not at the next poll.
    this.wake([jobId]);
    return tail;
  }

  /** One that is over tells nothing of a job that was queued again since. */
  #liveTail(jobId: string): LogTail | undefined {
    const tail = this.#tails.get(jobId);
    return tail?.over ? undefined : tail;
  }

  #detach(tail: LogTail, stepKey: string | null, inbox: Inbox<LogBatch>): void {
    tail.remove(stepKey, inbox);
    if (tail.idle && this.#tails.get(tail.jobId) === tail) this.#tails.delete(tail.jobId);
  }

  async #read(): Promise<void> {
    const due = [...this.#due];
    this.#due.clear();
    for (let start = 0; start < due.length; start += LOGS_AT_ONCE) {
      const tails = due.slice(start, start + LOGS_AT_ONCE).flatMap((jobId) => this.#liveTail(jobId) ?? []);
      if (tails.length > 0) await this.#advance(tails);
    }
  }

  async #advance(tails: readonly LogTail[]): Promise<void> {
    const grown = await readLogGrowth(this.#db, tails, BATCH_LINES);
    for (const tail of tails) {
      const growth = grown.get(tail.jobId);
      if (!growth) tail.end();
      // The others come first, however far behind one of them is.
      else if (tail.advance(growth)) this.wake([tail.jobId]);
    }
  }
}
