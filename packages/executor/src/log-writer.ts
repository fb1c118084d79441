import { setTimeout as delay } from 'node:timers/promises';
import { backoffDelay } from '@signalbox/db/backoff';
import type { Database } from '@signalbox/db/client';
import { failpoint } from '@signalbox/db/failpoints';
import { appendLogLines, readLogLinesAfter, readLogPositions } from '@signalbox/db/logs';
import { isPassing } from '@signalbox/db/outage';
import { storableText } from '@signalbox/db/storable';
import type { Logger } from 'pino';
import { JobLog, type LogBatch } from './job-log.ts';

/** Most of one statement, over all jobs. */
const BATCH_LINES = 1_000;
const BATCH_BYTES = 1024 * 1024;
/** A trickle of lines goes down at most this often; a flood or a flush does not wait. */
const TICK_MS = 25;
/** Above this, jobs that hold more than their share are told to wait. */
const PENDING_LINES = 4_000;
const PENDING_BYTES = 4 * 1024 * 1024;

export interface LogWriterEvents {
  /** Lines of the job were stored. */
  onStored(jobId: string): void;
  /** The job does not belong to this executor any more. */
  onLost(jobId: string): void;
}

/** The one writer of log lines in this process: one statement for the lines of all jobs, the next when it has committed. */
export class LogWriter {
  readonly #db: Database;
  readonly #logger: Logger;
  readonly #events: LogWriterEvents;
  readonly #logs = new Set<JobLog>();
  #writing = false;
  #lastStart = Number.NEGATIVE_INFINITY;
  #hurry: (() => void) | undefined;

  constructor(db: Database, logger: Logger, events: LogWriterEvents) {
    this.#db = db;
    this.#logger = logger;
    this.#events = events;
  }

  /** @param lastSeq the number of the job's last stored line */
  open(jobId: string, epoch: number, lastSeq: number): JobLog {
    const log = new JobLog(jobId, epoch, lastSeq, {
      onAppend: () => this.#wake(),
      onFlush: () => this.#hurry?.(),
      onClose: () => this.#logs.delete(log),
      isFull: (share) => this.#isFull(log, share),
    });
    this.#logs.add(log);
    return log;
  }

  get #pendingLines(): number {
    return sum(this.#logs, (log) => log.pendingLines);
  }

  /** Whether the job holds more than its share of what may be pending, `part` of the bounds being what is meant. */
  #isFull(log: JobLog, part: number): boolean {
    const busy = Math.max(
      1,
      sum(this.#logs, ({ pendingLines }) => (pendingLines > 0 ? 1 : 0)),
    );
    const pendingBytes = sum(this.#logs, (other) => other.pendingBytes);
    const tooMuch = this.#pendingLines > PENDING_LINES * part || pendingBytes > PENDING_BYTES * part;
    const ownTooMuch =
      log.pendingLines > (PENDING_LINES * part) / busy || log.pendingBytes > (PENDING_BYTES * part) / busy;
    return tooMuch && ownTooMuch;
  }

  #wake(): void {
    if (this.#writing) {
      if (this.#hurry && this.#pendingLines >= BATCH_LINES) this.#hurry();
      return;
    }
    this.#writing = true;
    void this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    for (;;) {
      await this.#gather();
      this.#lastStart = performance.now();
      const batch = this.#takeBatch();
      this.#writing = batch.length > 0;
      if (!this.#writing) return;
      await this.#store(batch);
      for (const log of this.#logs) log.letGoOn();
    }
  }

  async #gather(): Promise<void> {
    const left = TICK_MS - (performance.now() - this.#lastStart);
    const urgent = [...this.#logs].some((log) => log.flushing);
    if (left <= 0 || urgent || this.#pendingLines === 0 || this.#pendingLines >= BATCH_LINES) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, left);
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#hurry = undefined;
  }

  /** Every job gets its part of the batch, so that one that floods does not make the others wait. */
  #takeBatch(): LogBatch[] {
    const waiting = [...this.#logs].filter((log) => log.pendingLines > 0);
    const lines = Math.ceil(BATCH_LINES / Math.max(1, waiting.length));
    const bytes = Math.ceil(BATCH_BYTES / Math.max(1, waiting.length));
    return waiting.map((log) => log.take(lines, bytes));
  }

  async #store(batches: LogBatch[]): Promise<void> {
    let open = batches;
    for (let failures = 0; open.length > 0; ) {
      try {
        open = await this.#append(open);
      } catch (error) {
        if (!isPassing(error)) return this.#giveUp(open, error);
        if (failures === 0) this.#logger.warn({ err: error, jobs: open.length }, 'log lines wait for the database');
        // Whether they were stored is not known, so the next try looks first.
        for (const batch of open) batch.uncertain = true;
        await delay(backoffDelay(failures++));
        open = open.filter(({ log }) => !log.lost);
      }
    }
  }

  /** Stores what is still missing, and returns what has to be tried again. */
  async #append(open: LogBatch[]): Promise<LogBatch[]> {
    if (failpoint) await failpoint('before-log');
    const stored = await appendLogLines(
      this.#db,
      open.flatMap(({ lines }) => lines),
      new Map(open.map(({ log }) => [log.jobId, log.lastSeq])),
    );
    if (failpoint) await failpoint('after-log');
    const refused = open.filter((batch) => {
      const lastSeq = stored.get(batch.log.jobId);
      if (lastSeq !== undefined) this.#confirm(batch, lastSeq);
      return lastSeq === undefined;
    });
    if (refused.length === 0) return [];
    const positions = await readLogPositions(
      this.#db,
      refused.map(({ log }) => log),
    );
    const again: LogBatch[] = [];
    for (const batch of refused) {
      const position = positions.get(batch.log.jobId);
      if (position === undefined) {
        batch.log.lose();
        this.#events.onLost(batch.log.jobId);
      } else if (batch.uncertain && (await this.#wasStored(batch))) {
        this.#confirm(batch, position);
      } else {
        // Somebody else added a line, as a cancel does; from here on nothing sent earlier can be stored any more.
        batch.uncertain &&= position === batch.log.lastSeq;
        batch.log.lastSeq = position;
        again.push(batch);
      }
    }
    return again;
  }

  /** Lines are only ever stored right behind the last known one, so looking at the next is enough. */
  async #wasStored({ log, lines }: LogBatch): Promise<boolean> {
    const [next] = await readLogLinesAfter(this.#db, log.jobId, log.lastSeq, 1);
    const [first] = lines;
    if (!next || !first) return false;
    return next.at.getTime() === first.at.getTime() && next.message === storableText(first.message);
  }

  #confirm(batch: LogBatch, lastSeq: number): void {
    batch.log.lastSeq = lastSeq;
    batch.log.stored(batch);
    this.#events.onStored(batch.log.jobId);
  }

  #giveUp(open: LogBatch[], error: unknown): void {
    this.#logger.error({ err: error, jobs: open.map(({ log }) => log.jobId) }, 'log lines cannot be stored');
    for (const { log } of open) log.fail(error);
  }
}

function sum(logs: Iterable<JobLog>, amount: (log: JobLog) => number): number {
  let total = 0;
  for (const log of logs) total += amount(log);
  return total;
}
