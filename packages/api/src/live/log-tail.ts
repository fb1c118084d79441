/** The growing end of one job's log, read once for all its readers in this process. */
import { isFinalJobStatus } from '@signalbox/core/statuses';
import type { LogGrowth } from '@signalbox/db/log-growth';
import type { LogHead } from '@signalbox/db/log-pages';
import type { StoredLogLine } from '@signalbox/db/logs';
import { encodeLogCursor } from '../cursors.ts';
import type { Inbox } from './inbox.ts';
import { Memo } from './memo.ts';

/** Lines in order, at most 500. */
export interface LogBatch {
  lines: StoredLogLine[];
  lastSeq: number;
  cursor: string;
  /** Only where several may read it: what is remembered of the batches of one who reads up would only fill the memory. */
  memo?: Memo;
}

export const BATCH_LINES = 500;

export function batchOf(lines: StoredLogLine[], lastSeq = lines.at(-1)?.seq ?? 0): LogBatch {
  return { lines, lastSeq, cursor: encodeLogCursor(lastSeq) };
}

/** The part of a batch behind a number. */
export function behind(batch: LogBatch, seq: number): LogBatch {
  return (batch.lines[0]?.seq ?? 0) > seq
    ? batch
    : batchOf(
        batch.lines.filter((line) => line.seq > seq),
        batch.lastSeq,
      );
}

/** Roughly what a line costs in memory besides its text. */
const LINE_OVERHEAD = 100;

/** What somebody reads. */
export interface LogInterest {
  jobId: string;
  /** Null reads the whole log. */
  stepKey: string | null;
}

export class LogTail {
  readonly jobId: string;
  /** Everything up to here was handed on. */
  seq: number;
  /** The job was final when its last line was `seq`: nothing follows. */
  over: boolean;
  /** By the key of the step they read; null reads the whole log. */
  readonly #readers = new Map<string | null, Set<Inbox<LogBatch>>>();

  constructor(head: LogHead) {
    this.jobId = head.jobId;
    this.seq = head.lastSeq;
    this.over = isFinalJobStatus(head.status);
  }

  get idle(): boolean {
    return this.#readers.size === 0;
  }

  add(stepKey: string | null, inbox: Inbox<LogBatch>): void {
    const readers = this.#readers.get(stepKey) ?? new Set();
    this.#readers.set(stepKey, readers.add(inbox));
    if (this.over) inbox.finish('ended');
  }

  remove(stepKey: string | null, inbox: Inbox<LogBatch>): void {
    const readers = this.#readers.get(stepKey);
    readers?.delete(inbox);
    if (readers?.size === 0) this.#readers.delete(stepKey);
  }

  /** Hands on what was read behind this place. Gives whether the log goes on behind that. */
  advance({ lastSeq, lines, status }: LogGrowth): boolean {
    const last = lines.at(-1);
    if (last) {
      this.seq = last.seq;
      for (const [stepKey, inboxes] of this.#readers) {
        const own = stepKey === null ? lines : lines.filter((line) => line.stepKey === stepKey);
        if (own.length > 0) hand({ ...batchOf(own), memo: new Memo() }, inboxes);
      }
    }
    const more = last !== undefined && last.seq < lastSeq;
    if (isFinalJobStatus(status) && !more) this.end();
    return more;
  }

  /** Nothing follows: the job is final, or gone. */
  end(): void {
    this.over = true;
    for (const inboxes of this.#readers.values()) {
      for (const inbox of inboxes) inbox.finish('ended');
    }
  }
}

function hand(batch: LogBatch, inboxes: ReadonlySet<Inbox<LogBatch>>): void {
  const bytes = batch.lines.reduce((sum, line) => sum + LINE_OVERHEAD + line.message.length, 0);
  for (const inbox of inboxes) inbox.push(batch, batch, bytes);
}
