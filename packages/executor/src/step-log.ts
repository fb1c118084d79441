import { LOG_LEVELS, type LogLevel, type LogStream } from '@signalbox/core/statuses';
import type { JobLog } from './job-log.ts';
import { CUT_MARK, cutLine } from './line-cut.ts';
import { LineMask, type SecretMask } from './secret-mask.ts';

const MAX_STEP_LOG_BYTES = 64 * 1024 * 1024;

/** How much the log of one step holds so far, over all its attempts. */
export interface StepLogSize {
  bytes: number;
}

/** The log of one attempt: masked, cut where it is too much, and closed when the attempt has ended. */
export class StepLog {
  readonly #log: JobLog;
  readonly #mask: SecretMask;
  readonly #stepKey: string;
  readonly #attempt: number;
  readonly #size: StepLogSize;
  /** By stream: a secret can go over from one line into the next. */
  readonly #lines = new Map<LogStream, LineMask>();
  #closed = false;

  constructor(log: JobLog, mask: SecretMask, step: { key: string; attempt: number; size: StepLogSize }) {
    this.#log = log;
    this.#mask = mask;
    this.#stepKey = step.key;
    this.#attempt = step.attempt;
    this.#size = step.size;
  }

  /** Lines of the step itself; a text of several lines becomes as many. Nothing more is taken once the attempt has ended. */
  write(level: LogLevel, stream: LogStream, message: string): void {
    if (this.#closed) return;
    const known = LOG_LEVELS.includes(level) ? level : 'INFO';
    for (const line of String(message).split(/\r?\n/)) this.#writeLine(known, stream, line);
  }

  /** What the executor itself has to say about the attempt. */
  system(level: LogLevel, message: string): void {
    this.#append(level, 'SYSTEM', this.#mask.text(message));
  }

  /** How much the step may still write. */
  get bytesLeft(): number {
    return Math.max(0, MAX_STEP_LOG_BYTES - this.#size.bytes);
  }

  /** Takes nothing more of the step, and says so. */
  fill(): void {
    if (this.#closed || this.#size.bytes >= MAX_STEP_LOG_BYTES) return;
    this.#size.bytes = MAX_STEP_LOG_BYTES;
    this.system('WARNING', 'The log of this step has reached 64 MiB: what it writes from here on is dropped');
  }

  room(): Promise<void> | undefined {
    return this.#log.room();
  }

  flush(): Promise<boolean> {
    return this.#log.flush();
  }

  close(): void {
    this.#closed = true;
  }

  #writeLine(level: LogLevel, stream: LogStream, line: string): void {
    if (this.#size.bytes >= MAX_STEP_LOG_BYTES) return;
    const text = cutLine(this.#masked(stream, line));
    this.#append(level, stream, text);
    const bytes = Buffer.byteLength(text);
    if (bytes >= this.bytesLeft) this.fill();
    else this.#size.bytes += bytes;
  }

  #masked(stream: LogStream, line: string): string {
    let lines = this.#lines.get(stream);
    if (!lines) {
      lines = new LineMask(this.#mask);
      this.#lines.set(stream, lines);
    }
    return line.endsWith(CUT_MARK) ? lines.line(line.slice(0, -CUT_MARK.length)) + CUT_MARK : lines.line(line);
  }

  #append(level: LogLevel, stream: LogStream, message: string): void {
    this.#log.append({
      at: new Date(),
      level,
      stream,
      message: cutLine(message),
      stepKey: this.#stepKey,
      attempt: this.#attempt,
    });
  }
}
