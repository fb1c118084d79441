/**
 * LISTEN and NOTIFY as hints: they carry ids, are coalesced per tick, travel on a connection of their own, and may get lost.
 * Whoever listens also polls slowly; after a reconnect it hears `onGap` and should look at everything once.
 */
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import pg from 'pg';
import { backoffDelay } from './backoff.ts';

/** Channels: a job's row or steps changed, its log grew, its executor should look at its cancel mark. */
export const CHANNELS = {
  changed: 'signalbox_changed',
  logged: 'signalbox_logged',
  control: 'signalbox_control',
} as const;
export type SignalKind = keyof typeof CHANNELS;

/** PostgreSQL refuses payloads of 8,000 bytes; an id and a comma are 37. */
const IDS_PER_PAYLOAD = 200;

/** Hints go out at most so often; the first one after a pause does not wait. */
const TICK_MS = 10;
/** How long a hint that is in no hurry may wait for others. */
const SOON_MS = 20;

/** Sends hints from one connection: everything asked for while a send is under way goes out together in the next one. */
export class SignalSender {
  readonly #url: string;
  readonly #pending: Record<SignalKind, Set<string>> = { changed: new Set(), logged: new Set(), control: new Set() };
  #client: pg.Client | undefined;
  #sending: Promise<void> | undefined;
  #soon: NodeJS.Timeout | undefined;
  #lastAt = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #closed = false;

  constructor(url: string) {
    this.#url = url;
  }

  /** Never throws and never blocks: a hint that cannot be sent is made up for by the listeners' polls. */
  send(kind: SignalKind, jobId: string): void {
    if (this.#closed) return;
    this.#pending[kind].add(jobId);
    this.#sendPending();
  }

  /** The same for what changes often: it goes along with the next hint, at the latest in a moment. */
  sendSoon(kind: SignalKind, jobId: string): void {
    if (this.#closed) return;
    this.#pending[kind].add(jobId);
    this.#soon ??= setTimeout(() => this.#sendPending(), SOON_MS);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#soon) this.#sendPending();
    await this.#sending;
    await this.#client?.end().catch(() => undefined);
  }

  #sendPending(): void {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  async #sendAll(): Promise<void> {
    while (Object.values(this.#pending).some((ids) => ids.size > 0)) {
      await this.#nextTick();
      const messages = takeMessages(this.#pending);
      try {
        const client = await this.#connect();
        await client.query({
          name: 'notify',
          text: 'SELECT pg_notify(channel, payload) FROM unnest($1::text[], $2::text[]) AS m(channel, payload)',
          values: [messages.map((message) => message.channel), messages.map((message) => message.payload)],
        });
        this.#failures = 0;
      } catch {
        // The hints of this tick are dropped; polls heal them. A dead connection is replaced at the next send.
        await this.#client?.end().catch(() => undefined);
        this.#client = undefined;
        if (this.#closed) return;
        await delay(backoffDelay(this.#failures++));
      }
    }
  }

  async #nextTick(): Promise<void> {
    const left = TICK_MS - (performance.now() - this.#lastAt);
    // One turn of the event loop gathers what belongs together.
    if (left <= 0 || this.#closed) await nextTurn();
    else await delay(left);
    this.#lastAt = performance.now();
  }

  async #connect(): Promise<pg.Client> {
    if (this.#client) return this.#client;
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'signalbox signals',
      // A transaction that notifies is written to the log like any other, and others that notify wait for its end.
      options: '-c synchronous_commit=off',
    });
    client.on('error', () => {
      if (this.#client === client) this.#client = undefined;
    });
    await client.connect();
    this.#client = client;
    return client;
  }
}

function takeMessages(pending: Record<SignalKind, Set<string>>): { channel: string; payload: string }[] {
  const messages: { channel: string; payload: string }[] = [];
  for (const kind of Object.keys(CHANNELS) as SignalKind[]) {
    const ids = [...pending[kind]];
    pending[kind].clear();
    for (let start = 0; start < ids.length; start += IDS_PER_PAYLOAD) {
      messages.push({ channel: CHANNELS[kind], payload: ids.slice(start, start + IDS_PER_PAYLOAD).join(',') });
    }
  }
  return messages;
}

export interface SignalHandlers {
  /** Ids of jobs, without doubles within one call. */
  onSignal(kind: SignalKind, jobIds: string[]): void;
  /** Hints may have been missed: at the first connection and after each reconnection. */
  onGap(): void;
  onError?(error: Error): void;
}

/** Listens on its own connection and reconnects with backoff until closed. */
export class SignalListener {
  readonly #url: string;
  readonly #kinds: readonly SignalKind[];
  readonly #handlers: SignalHandlers;
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #failures = 0;
  #closed = false;

  constructor(url: string, kinds: readonly SignalKind[], handlers: SignalHandlers) {
    this.#url = url;
    this.#kinds = kinds;
    this.#handlers = handlers;
  }

  /** Resolves when the first connection listens; a later loss of it is repaired by itself. Throws when it cannot be made. */
  async start(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'signalbox listener',
      keepAlive: true,
    });
    client.on('error', (error) => this.#lost(client, error));
    client.on('end', () => this.#lost(client, new Error('the connection was closed')));
    client.on('notification', ({ channel, payload }) => {
      const kind = this.#kinds.find((candidate) => CHANNELS[candidate] === channel);
      if (kind && payload) this.#handlers.onSignal(kind, payload.split(','));
    });
    this.#client = client;
    await client.connect();
    for (const kind of this.#kinds) await client.query(`LISTEN ${CHANNELS[kind]}`);
    this.#failures = 0;
    this.#handlers.onGap();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  #lost(client: pg.Client, error: Error): void {
    if (this.#closed || this.#client !== client) return;
    this.#client = undefined;
    this.#handlers.onError?.(error);
    void client.end().catch(() => undefined);
    this.#retry = setTimeout(
      () => {
        this.start().catch((failure: Error) => {
          if (this.#client) this.#lost(this.#client, failure);
        });
      },
      backoffDelay(this.#failures++),
    );
  }
}
