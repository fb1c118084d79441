/** The length field and, but for the first message of a client, the byte that tells the type. */
const LENGTH_BYTES = 4;

export interface MessageEvents {
  /** A message came; `firstByte` is that of its content, 0 when it has none. */
  onMessage(type: string, firstByte: number): void;
  /** For clients: the parameters of the login, which is the only message without a type. Absent for servers. */
  onStartup?(text: string): void;
}

/** Cuts one direction of a PostgreSQL connection into its messages, however they are spread over chunks. */
export class MessageReader {
  readonly #events: MessageEvents;
  #expectsStartup: boolean;
  #rest: Buffer = Buffer.alloc(0);

  constructor(events: MessageEvents) {
    this.#events = events;
    this.#expectsStartup = events.onStartup !== undefined;
  }

  read(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (;;) {
      const typeBytes = this.#expectsStartup ? 0 : 1;
      if (this.#rest.length < at + typeBytes + LENGTH_BYTES) break;
      const end = at + typeBytes + this.#rest.readUInt32BE(at + typeBytes);
      if (this.#rest.length < end) break;
      const content = this.#rest.subarray(at + typeBytes + LENGTH_BYTES, end);
      if (this.#expectsStartup) {
        this.#expectsStartup = false;
        this.#events.onStartup?.(content.toString('latin1', LENGTH_BYTES));
      } else {
        this.#events.onMessage(String.fromCharCode(this.#rest[at] ?? 0), content[0] ?? 0);
      }
      at = end;
    }
    this.#rest = this.#rest.subarray(at);
  }
}
