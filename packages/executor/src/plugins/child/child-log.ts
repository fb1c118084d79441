import type { LogLevel } from '@signalbox/plugin-sdk';
import { MAX_LINE_BYTES } from '../../line-cut.ts';
import type { Stream } from '../protocol.ts';
import type { Outbox } from './outbox.ts';

/** Longer than any line that is stored: the executor hides secrets in it first, and then cuts it visibly. */
const LONGEST_SENT_LINE = 2 * MAX_LINE_BYTES;
/** So many lines are sent together at most. */
const MOST_TOGETHER = 200;

/** The log of a step on its way to the executor; what is more than a step may write is dropped here. */
export class ChildLog {
  readonly #step: number;
  readonly #outbox: Outbox;
  #room: number;
  #isFull = false;

  /** @param room bytes that the step may still write */
  constructor(step: number, room: number, outbox: Outbox) {
    this.#step = step;
    this.#room = room;
    this.#outbox = outbox;
  }

  write(level: LogLevel, stream: Stream, message: string): void {
    if (this.#isFull) return;
    const text = String(message).slice(0, this.#room + LONGEST_SENT_LINE);
    let lines: [LogLevel, Stream, string][] = [];
    for (const line of text.split(/\r?\n/)) {
      lines.push([level, stream, line.slice(0, LONGEST_SENT_LINE)]);
      this.#room -= line.length;
      if (lines.length === MOST_TOGETHER) lines = this.#send(lines);
      if (this.#outbox.isFull || this.#room < 0) break;
    }
    this.#send(lines);
    if (!this.#outbox.isFull && this.#room >= 0) return;
    this.#isFull = true;
    this.#outbox.send({ type: 'logFull', step: this.#step });
  }

  #send(lines: [LogLevel, Stream, string][]): [] {
    if (lines.length > 0) this.#outbox.send({ type: 'log', step: this.#step, lines });
    return [];
  }
}
