import type { NewLogLine } from '@signalbox/db/logs';

/** Lines of one job on their way into the database. */
export interface LogBatch {
  log: JobLog;
  lines: NewLogLine[];
  bytes: number;
  /** They were sent, and no answer came. */
  uncertain: boolean;
}

export interface JobLogHost {
  onAppend(): void;
  onFlush(): void;
  onClose(): void;
  /** Whether the job holds more than `part` of what may be pending. */
  isFull(part: number): boolean;
}

interface Flush {
  /** How many lines must be stored. */
  upTo: number;
  resolve(ours: boolean): void;
  reject(error: unknown): void;
}

/** What one line costs beside its text. */
const LINE_OVERHEAD = 100;

/** The lines of one held job that are not stored yet, in their order. */
export class JobLog {
  readonly jobId: string;
  readonly epoch: number;
  /** The number of the last line that is known to be stored. */
  lastSeq: number;
  readonly #host: JobLogHost;
  #waiting: NewLogLine[] = [];
  /** Counted from the first line on. */
  #appended = 0;
  #stored = 0;
  #pendingBytes = 0;
  #flushes: Flush[] = [];
  #room: PromiseWithResolvers<void> | undefined;
  #lost = false;
  #failure: { error: unknown } | undefined;

  constructor(jobId: string, epoch: number, lastSeq: number, host: JobLogHost) {
    this.jobId = jobId;
    this.epoch = epoch;
    this.lastSeq = lastSeq;
    this.#host = host;
  }

  /** With those that are being sent. */
  get pendingLines(): number {
    return this.#appended - this.#stored;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  get flushing(): boolean {
    return this.#flushes.length > 0;
  }

  get lost(): boolean {
    return this.#lost;
  }

  append(line: Omit<NewLogLine, 'jobId' | 'epoch'>): void {
    if (this.#lost || this.#failure) return;
    this.#waiting.push({ ...line, jobId: this.jobId, epoch: this.epoch });
    this.#appended += 1;
    this.#pendingBytes += sizeOf(line.message);
    this.#host.onAppend();
  }

  /** A promise to wait for while this job has more lines pending than its share; nothing when there is room. */
  room(): Promise<void> | undefined {
    if (this.#room) return this.#room.promise;
    if (this.#lost || this.#failure || !this.#host.isFull(1)) return undefined;
    this.#room = Promise.withResolvers<void>();
    return this.#room.promise;
  }

  /** Ends the wait for room once half of it is free again. */
  letGoOn(): void {
    if (!this.#room || this.#host.isFull(0.5)) return;
    this.#room.resolve();
    this.#room = undefined;
  }

  /** Resolves when every line so far is stored: false when the job was lost and they were not. Throws when they cannot be. */
  flush(): Promise<boolean> {
    if (this.#failure) return Promise.reject(this.#failure.error);
    if (this.#lost) return Promise.resolve(false);
    if (this.pendingLines === 0) return Promise.resolve(true);
    return new Promise((resolve, reject) => {
      this.#flushes.push({ upTo: this.#appended, resolve, reject });
      this.#host.onFlush();
    });
  }

  /** The next lines to send. */
  take(mostLines: number, mostBytes: number): LogBatch {
    let bytes = 0;
    let count = 0;
    for (; count < Math.min(mostLines, this.#waiting.length) && bytes < mostBytes; count += 1) {
      bytes += sizeOf(this.#waiting[count]?.message ?? '');
    }
    return { log: this, lines: this.#waiting.splice(0, count), bytes, uncertain: false };
  }

  stored(batch: LogBatch): void {
    if (this.#lost) return;
    this.#stored += batch.lines.length;
    this.#pendingBytes -= batch.bytes;
    const reached = this.#flushes.filter(({ upTo }) => upTo <= this.#stored);
    this.#flushes = this.#flushes.filter(({ upTo }) => upTo > this.#stored);
    for (const flush of reached) flush.resolve(true);
  }

  /** The job belongs to somebody else: what is pending is dropped, and nothing more is taken. */
  lose(): void {
    this.#lost = true;
    this.#forget();
    this.#endFlushes((flush) => flush.resolve(false));
  }

  fail(error: unknown): void {
    this.#failure = { error };
    this.#forget();
    this.#endFlushes((flush) => flush.reject(error));
  }

  close(): void {
    this.#lost = true;
    this.#forget();
    this.#host.onClose();
  }

  #forget(): void {
    this.#waiting = [];
    this.#stored = this.#appended;
    this.#pendingBytes = 0;
    this.#room?.resolve();
    this.#room = undefined;
  }

  #endFlushes(end: (flush: Flush) => void): void {
    const flushes = this.#flushes;
    this.#flushes = [];
    flushes.forEach(end);
  }
}

/** UTF-16 units, twice: what the text takes at worst while it waits here. */
function sizeOf(message: string): number {
  return message.length * 2 + LINE_OVERHEAD;
}
