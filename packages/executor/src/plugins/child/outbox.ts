import type { Socket } from 'node:net';
import type { PluginMessage } from '../protocol.ts';
import { LONGEST_MESSAGE } from '../protocol.ts';

/** What may wait here for the executor: as much as the log of a step may hold. */
export const MOST_WAITING_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/**
 * The way to the executor. Never blocks: what the socket does not take at once waits here, as bytes and not as objects, and
 * goes on when the executor reads on. The executor stops reading while it has no room, which is how a flood is slowed.
 */
export class Outbox {
  readonly #socket: Socket;
  readonly #full: Buffer[] = [];
  /** Being filled: `#used` bytes of it are. */
  #open: Buffer | undefined;
  #used = 0;
  #waitingBytes = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('drain', () => this.#goOn());
  }

  /** Whether there is so much already that what can be left out should be. */
  get isFull(): boolean {
    return this.#waitingBytes > MOST_WAITING_BYTES;
  }

  /** Throws a RangeError for a message that is too long to be sent. */
  send(message: PluginMessage): void {
    const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
    if (bytes.length > LONGEST_MESSAGE) throw new RangeError(`what is sent to the executor has ${bytes.length} bytes`);
    // Written at once while that is possible, so that it is told even if the next line of the plugin never ends.
    if (this.#waitingBytes === 0 && !this.#socket.writableNeedDrain) this.#socket.write(bytes);
    else this.#keep(bytes);
  }

  #keep(bytes: Buffer): void {
    this.#waitingBytes += bytes.length;
    for (let from = 0; from < bytes.length; ) {
      this.#open ??= Buffer.allocUnsafeSlow(CHUNK_BYTES);
      const copied = bytes.copy(this.#open, this.#used, from);
      from += copied;
      this.#used += copied;
      if (this.#used < CHUNK_BYTES) continue;
      this.#full.push(this.#open);
      this.#open = undefined;
      this.#used = 0;
    }
  }

  #goOn(): void {
    while (this.#waitingBytes > 0 && !this.#socket.writableNeedDrain) {
      const next = this.#full.shift() ?? this.#takeOpen();
      this.#waitingBytes -= next.length;
      this.#socket.write(next);
    }
  }

  #takeOpen(): Buffer {
    const taken = (this.#open ?? Buffer.alloc(0)).subarray(0, this.#used);
    this.#open = undefined;
    this.#used = 0;
    return taken;
  }
}
