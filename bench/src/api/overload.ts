/**
 * More lines than the API can send, and one reader that stops reading: what the API then takes in memory, what becomes of
 * that reader, and whether everybody has every line in the end.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { residentMib } from '../measure/process-memory.ts';
import { wallClockMs } from '../measure/wall-clock.ts';
import { startApi } from './api-process.ts';
import type { ReadersRequest, Reading } from './line-readers.ts';
import { openProgram } from './served.ts';
import type { SignalboxLinesRequest } from './signalbox-lines.ts';

export interface Overload {
  sockets: number;
  offeredPerSecond: number;
  deliveredPerSecond: number;
  /** The most memory of the API's while it lasted, more than before. */
  grownMib: number;
  /** What the connection of the stopped reader was closed with. */
  closeCode: number;
  /** Lines that somebody did not get, got twice or got out of order, the stopped reader after it resumed included. */
  wrong: number;
}

const QUERY = `subscription ($id: ID!, $after: String) {
  stepLogged(jobId: $id, after: $after) { cursor lines { seq at level stream stepKey message } }
}`;
const WARM_UP_LINES = 2_000;
const WITHIN_MS = 120_000;
/** What the kernel holds for a socket is soon full of such lines. */
const LONGER = 400;
const LOOK_MS = 50;
const CUT_WITHIN_MS = 8_000;

export async function measureOverload(
  databaseUrl: string,
  { sockets, perSecond, seconds }: { sockets: number; perSecond: number; seconds: number },
): Promise<Overload> {
  const api = await startApi(databaseUrl);
  const source = openProgram<SignalboxLinesRequest, string>('signalbox-lines.ts');
  const readers = openProgram<ReadersRequest, Reading>('line-readers.ts');
  try {
    await source.ask({ kind: 'open', databaseUrl });
    const id = await source.ask({ kind: 'job' });
    const stopped = new StoppingReader(`${api.url.replace('http', 'ws')}/graphql`, id);
    await stopped.read();
    const operation = { query: QUERY, variables: { id } };
    await readers.ask({ kind: 'open', port: api.port, count: sockets, operation });
    // As long as those that follow, at a pace that can be kept: what is looked for is what the overload adds.
    await source.ask({ kind: 'produce', from: 1, lines: WARM_UP_LINES, perSecond: 1_000, longer: LONGER });
    const warm = await readers.ask({ kind: 'wait', lines: WARM_UP_LINES, withinMs: WITHIN_MS });
    await stopped.has(WARM_UP_LINES);

    stopped.stop();
    const memory = watchMemory(api.pid);
    const lines = perSecond * seconds;
    const began = wallClockMs();
    await source.ask({ kind: 'produce', from: WARM_UP_LINES + 1, lines, perSecond, longer: LONGER });
    const all = WARM_UP_LINES + lines;
    const found = await readers.ask({ kind: 'wait', lines: all, withinMs: WITHIN_MS });
    const grownMib = await memory.most();
    // Whoever stopped is cut once it has not read for 5 s; a cut is only seen by who reads.
    await pause(CUT_WITHIN_MS);
    stopped.readOn();
    const closeCode = await stopped.closed;
    await stopped.read();
    await stopped.has(all);
    stopped.close();
    const deliveries = found.deliveries - warm.deliveries;
    return {
      sockets,
      offeredPerSecond: perSecond * sockets,
      deliveredPerSecond: (deliveries * 1_000) / (found.lastAt - began),
      grownMib,
      closeCode,
      wrong: found.faults + (lines * sockets - deliveries) + stopped.faults,
    };
  } finally {
    await readers.stop();
    await source.stop();
    await api.stop();
  }
}

function watchMemory(pid: number): { most(): Promise<number> } {
  let over = false;
  const watching = (async () => {
    const before = (await residentMib(pid)) ?? Number.NaN;
    let most = before;
    while (!over) {
      most = Math.max(most, (await residentMib(pid)) ?? Number.NaN);
      await pause(LOOK_MS);
    }
    return most - before;
  })();
  return {
    most: () => {
      over = true;
      return watching;
    },
  };
}

/** Reads a log, stops, and later goes on behind the last line that it got. */
class StoppingReader {
  readonly #url: string;
  readonly #jobId: string;
  #socket: WebSocket | undefined;
  #cursor: string | null = null;
  #lines = 0;
  #wanted = { lines: Number.POSITIVE_INFINITY, done: () => {} };
  faults = 0;
  closed: Promise<number> = Promise.resolve(0);

  constructor(url: string, jobId: string) {
    this.#url = url;
    this.#jobId = jobId;
  }

  async read(): Promise<void> {
    const socket = new WebSocket(this.#url, 'graphql-transport-ws');
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.on('close', resolve));
    const variables = { id: this.#jobId, after: this.#cursor };
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init' })));
      socket.on('message', (text: Buffer) => {
        const message = JSON.parse(text.toString());
        if (message.type === 'connection_ack') {
          socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: QUERY, variables } }));
          resolve();
        } else if (message.type === 'next') this.#take(message.payload.data.stepLogged);
      });
    });
  }

  #take({ cursor, lines }: { cursor: string; lines: { seq: number }[] }): void {
    for (const [index, { seq }] of lines.entries()) if (seq !== this.#lines + index + 1) this.faults += 1;
    this.#cursor = cursor;
    this.#lines += lines.length;
    if (this.#lines >= this.#wanted.lines) this.#wanted.done();
  }

  async has(lines: number): Promise<void> {
    const got = new Promise<void>((resolve) => {
      this.#wanted = { lines, done: resolve };
      if (this.#lines >= lines) resolve();
    });
    const tooLate = pause(WITHIN_MS, undefined, { ref: false }).then(() => {
      throw new Error(`the reader that stopped has ${this.#lines} of ${lines} lines`);
    });
    await Promise.race([got, tooLate]);
  }

  stop(): void {
    this.#socket?.pause();
  }

  readOn(): void {
    this.#socket?.resume();
  }

  close(): void {
    this.#socket?.terminate();
  }
}
