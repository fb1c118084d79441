import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

/** One subscription over a WebSocket of its own, read event by event. */
export class Subscriber<Data> {
  readonly #client: ReturnType<typeof createClient>;
  readonly #events: AsyncIterableIterator<{
    data?: unknown;
    errors?: readonly { message: string; extensions?: { code?: string } }[] | null;
  }>;
  #socket: WebSocket | undefined;
  /** There is a connection that can be cut. */
  readonly opened: Promise<void>;
  /** The code that the connection was closed with. */
  readonly closed: Promise<{ code: number; reason: string }>;

  constructor(
    wsUrl: string,
    query: string,
    variables: Record<string, unknown>,
    { authorization }: { authorization?: string } = {},
  ) {
    let close: (event: { code: number; reason: string }) => void;
    this.closed = new Promise((resolve) => {
      close = resolve;
    });
    let open: () => void;
    this.opened = new Promise((resolve) => {
      open = resolve;
    });
    this.#client = createClient({
      url: wsUrl,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      ...(authorization !== undefined && { connectionParams: { authorization } }),
      on: {
        opened: (socket) => {
          this.#socket = socket as WebSocket;
          open();
        },
        closed: (event) => close(event as { code: number; reason: string }),
      },
    });
    this.#events = this.#client.iterate({ query, variables });
  }

  /** The data of the next event; fails when there is none, or one with errors. */
  async next(): Promise<Data> {
    const { value, done } = await this.#events.next();
    if (done) throw new Error('the subscription has completed');
    if (value.errors) throw new Error(JSON.stringify(value.errors));
    return value.data as Data;
  }

  /** The first error, where the subscription was refused. */
  async refusal(): Promise<{ message: string; extensions?: { code?: string } } | undefined> {
    const { value } = await this.#events.next();
    return value?.errors?.[0];
  }

  /** Everything that comes until the subscription completes. */
  async rest(): Promise<Data[]> {
    const all: Data[] = [];
    for await (const event of this.#events) {
      if (event.errors) throw new Error(JSON.stringify(event.errors));
      all.push(event.data as Data);
    }
    return all;
  }

  /** Reads on until an event is as wanted; gives all that came, the last being that one. */
  async until(wanted: (data: Data) => boolean): Promise<Data[]> {
    const all: Data[] = [];
    for (;;) {
      const data = await this.next();
      all.push(data);
      if (wanted(data)) return all;
    }
  }

  /** As a broken network does it: no goodbye. */
  cut(): void {
    this.#socket?.terminate();
  }

  /** Takes nothing more from the network. */
  stopReading(): void {
    this.#socket?.pause();
  }

  readAgain(): void {
    this.#socket?.resume();
  }

  async close(): Promise<void> {
    await this.#client.dispose();
  }
}
