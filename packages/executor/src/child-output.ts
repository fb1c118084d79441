import type { Readable } from 'node:stream';
import { LineSplitter } from './line-splitter.ts';
import { OutputTail } from './output-tail.ts';

/**
 * How long a pipe may be silent once its program is gone, and how long it may go on in all: then somebody else, who has got away
 * unseen, holds it open, and nobody waits for that. What the program itself wrote is read in a moment.
 */
const SILENT_PIPE_MS = 1_000;
const HELD_PIPE_MS = 5_000;
const LOOK_MS = 250;

/** Where the lines go. `room` gives a promise to wait for while there is no room for more. */
export interface OutputReader {
  line(line: string): void;
  room(): Promise<void> | undefined;
}

/** Reads one output stream of a child process: lines, its end, and no faster than the reader can take. */
export class ChildOutput {
  readonly tail = new OutputTail();
  readonly #stream: Readable;
  readonly #reader: OutputReader;
  readonly #lines: LineSplitter;
  readonly #closed: Promise<void>;
  #waitingForRoom = false;
  /** In looks and not by the clock: when everything here stood still, what came meanwhile is read only after the next look. */
  #silentMs = 0;

  constructor(stream: Readable, reader: OutputReader) {
    this.#stream = stream;
    this.#reader = reader;
    this.#lines = new LineSplitter(reader.line);
    this.#closed = new Promise((resolve) => stream.once('close', resolve));
    stream.on('data', (chunk: Buffer) => this.#take(chunk));
    // A pipe that breaks is a pipe that has ended; the exit of the program tells the rest.
    stream.on('error', () => stream.destroy());
  }

  /** Call it when the program is gone: resolves when everything it wrote has been read, and soon also when others write on. */
  async finish(): Promise<void> {
    this.#silentMs = 0;
    let readMs = 0;
    const watch = setInterval(() => {
      if (this.#waitingForRoom) return;
      readMs += LOOK_MS;
      this.#silentMs += LOOK_MS;
      if (this.#silentMs > SILENT_PIPE_MS || readMs > HELD_PIPE_MS) this.#stream.destroy();
    }, LOOK_MS);
    await this.#closed;
    clearInterval(watch);
    this.#lines.end();
  }

  #take(chunk: Buffer): void {
    this.#silentMs = 0;
    this.tail.push(chunk);
    this.#lines.push(chunk);
    const room = this.#reader.room();
    if (!room) return;
    this.#waitingForRoom = true;
    this.#stream.pause();
    void room.then(() => {
      this.#waitingForRoom = false;
      this.#silentMs = 0;
      this.#stream.resume();
    });
  }
}
