import { LONGEST_MESSAGE } from './protocol.ts';

const LF = 0x0a;

/** Cuts the bytes of a socket into messages: one JSON value a line. Throws for what is none, and for one without an end. */
export class MessageReader {
  readonly #onMessage: (message: unknown) => void;
  #rest: Uint8Array[] = [];
  #restBytes = 0;

  constructor(onMessage: (message: unknown) => void) {
    this.#onMessage = onMessage;
  }

  push(chunk: Uint8Array): void {
    let from = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, from)) {
      const line = this.#withRest(chunk.subarray(from, end));
      from = end + 1;
      this.#onMessage(JSON.parse(line));
    }
    if (from === chunk.length) return;
    this.#rest.push(chunk.subarray(from));
    this.#restBytes += chunk.length - from;
    if (this.#restBytes > LONGEST_MESSAGE) throw new RangeError('a message is too long');
  }

  #withRest(bytes: Uint8Array): string {
    const whole = this.#rest.length === 0 ? bytes : Buffer.concat([...this.#rest, bytes]);
    this.#rest = [];
    this.#restBytes = 0;
    return Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength).toString('utf8');
  }
}
