import { MessageType } from 'graphql-ws';
import type { MockEngine, MockRequest } from './engine.ts';

let engine: MockEngine | undefined;
const sockets = new Set<MockSocket>();
const realFetch = globalThis.fetch;
const RealSocket = globalThis.WebSocket;

/** Puts an engine in the place of the server for everything that this page asks from now on. Load this file before the app's. */
export function serveFrom(next: MockEngine): void {
  engine?.simulation.stop();
  engine = next;
  for (const socket of sockets) socket.close();
  if (next.options.mood === 'fine') next.simulation.start();
}

async function answer(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const url = input instanceof Request ? input.url : String(input);
  if (!url.endsWith('/graphql') || !engine) return realFetch(input, init);
  if (engine.options.mood === 'down') throw new TypeError('Failed to fetch');
  const request: MockRequest = JSON.parse(typeof init?.body === 'string' ? init.body : '{}');
  return Response.json(await engine.answer(request));
}

/** Speaks graphql-transport-ws with the page, as the server does, and reaches no further than the engine. */
class MockSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly protocol = 'graphql-transport-ws';
  readyState: number = MockSocket.CONNECTING;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string; wasClean: boolean }) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  readonly #running = new Map<string, AsyncIterator<unknown>>();

  constructor() {
    super();
    sockets.add(this);
    setTimeout(() => {
      if (engine?.options.mood !== 'fine') return this.close(1006, 'The server is away');
      this.readyState = MockSocket.OPEN;
      this.onopen?.();
    }, 20);
  }

  send(text: string): void {
    const message: { type: string; id?: string; payload?: MockRequest } = JSON.parse(text);
    if (message.type === MessageType.ConnectionInit) this.#say({ type: MessageType.ConnectionAck });
    else if (message.type === MessageType.Ping) this.#say({ type: MessageType.Pong });
    else if (message.type === MessageType.Subscribe && message.id && message.payload)
      void this.#follow(message.id, message.payload);
    else if (message.type === MessageType.Complete && message.id) void this.#running.get(message.id)?.return?.();
  }

  close(code = 1000, reason = ''): void {
    if (this.readyState === MockSocket.CLOSED) return;
    this.readyState = MockSocket.CLOSED;
    sockets.delete(this);
    for (const running of this.#running.values()) void running.return?.();
    this.onclose?.({ code, reason, wasClean: code === 1000 });
  }

  async #follow(id: string, request: MockRequest): Promise<void> {
    const payloads = await engine?.follow(request);
    if (!payloads) return;
    if (!(Symbol.asyncIterator in payloads))
      return this.#say({ type: MessageType.Error, id, payload: payloads.errors });
    const iterator = payloads[Symbol.asyncIterator]();
    this.#running.set(id, iterator);
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      this.#say({ type: MessageType.Next, id, payload: next.value });
    }
    this.#running.delete(id);
    this.#say({ type: MessageType.Complete, id });
  }

  #say(message: object): void {
    if (this.readyState === MockSocket.OPEN) setTimeout(() => this.onmessage?.({ data: JSON.stringify(message) }), 5);
  }
}

/** Sockets to the API are mocked, those of the tools around the page are not. */
const Routed = new Proxy(RealSocket, {
  construct: (target, [url, protocols]: [string | URL, string | string[] | undefined]) =>
    new URL(url, location.href).pathname === '/graphql' ? new MockSocket() : new target(url, protocols),
  get: (target, name) =>
    name === Symbol.hasInstance
      ? (value: unknown) => value instanceof MockSocket || value instanceof target
      : Reflect.get(target, name),
});

// When this file is loaded and not later: the client of the app takes what stands here when it is made.
globalThis.fetch = answer;
globalThis.WebSocket = Routed;
