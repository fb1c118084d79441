/**
 * Many readers of lines in one process. All but one only count what comes, so that the reading costs the machine little;
 * one takes everything apart, looks whether anything is missing, and how old each line is.
 */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { wallClockMs } from '../measure/wall-clock.ts';
import { serveProgram } from './served.ts';

/** Stands once in each line, however it is sent. */
const MARK = Buffer.from('"seq":');

export type ReadersRequest =
  | {
      kind: 'open';
      port: number;
      count: number;
      /** Sent first where GraphQL is spoken. */
      operation?: { query: string; variables?: object };
    }
  /** Waits until everybody has had so many lines. */
  | { kind: 'wait'; lines: number; withinMs: number };

export interface Reading {
  deliveries: number;
  /** By the clock of the machine. */
  lastAt: number;
  delays: number[];
  /** What was missing, doubled or out of order for the one that looks. */
  faults: number;
}

interface Reader {
  lines: number;
  close(): void;
}

let readers: Reader[] = [];
let deliveries = 0;
let lastAt = 0;
let watched: { delays: number[]; faults: number } = { delays: [], faults: 0 };
let wanted = { lines: Number.POSITIVE_INFINITY, done: () => {} };

function counted(reader: Reader, lines: number): void {
  if (lines === 0) return;
  reader.lines += lines;
  deliveries += lines;
  lastAt = wallClockMs();
  if (deliveries >= wanted.lines * readers.length) wanted.done();
}

type Operation = Extract<ReadersRequest, { kind: 'open' }>['operation'];

async function openCounting(port: number, operation: Operation): Promise<Reader> {
  const socket = connect(port, '127.0.0.1');
  const reader: Reader = { lines: 0, close: () => socket.destroy() };
  let tail: Buffer = Buffer.alloc(0);
  await upgrade(socket, port, operation);
  socket.on('data', (chunk: Buffer) => {
    const data = tail.length > 0 ? Buffer.concat([tail, chunk]) : chunk;
    let lines = 0;
    let from = 0;
    for (let at = data.indexOf(MARK); at !== -1; at = data.indexOf(MARK, from)) {
      lines += 1;
      from = at + MARK.length;
    }
    tail = Buffer.from(data.subarray(Math.max(from, data.length - MARK.length + 1)));
    counted(reader, lines);
  });
  socket.on('error', () => undefined);
  return reader;
}

/** Speaks just enough of HTTP, WebSocket and graphql-transport-ws to be sent everything. */
async function upgrade(socket: Socket, port: number, operation: Operation): Promise<void> {
  const key = randomBytes(16).toString('base64');
  const protocol = operation ? 'Sec-WebSocket-Protocol: graphql-transport-ws\r\n' : '';
  socket.write(
    `GET /graphql HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n${protocol}\r\n`,
  );
  await hears(socket, '\r\n\r\n');
  if (!operation) return;
  socket.write(frame({ type: 'connection_init' }));
  await hears(socket, 'connection_ack');
  socket.write(frame({ id: '1', type: 'subscribe', payload: operation }));
}

function hears(socket: Socket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const listen = (chunk: Buffer) => {
      heard += chunk.toString('latin1');
      if (!heard.includes(text)) return;
      socket.off('data', listen);
      socket.off('close', fail);
      resolve();
    };
    const fail = () => reject(new Error(`the server closed before it said ${text}: ${heard}`));
    socket.on('data', listen).on('close', fail);
  });
}

/** A client has to mask; nothing says that the mask may not be zero. */
function frame(value: object): Buffer {
  const text = Buffer.from(JSON.stringify(value));
  const length = text.length < 126 ? [0x80 | text.length] : [0x80 | 126, text.length >> 8, text.length & 0xff];
  return Buffer.concat([Buffer.from([0x81, ...length, 0, 0, 0, 0]), text]);
}

interface Line {
  seq: number;
  message: string;
}

async function openWatching(port: number, operation: Operation): Promise<Reader> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, operation ? 'graphql-transport-ws' : []);
  const reader: Reader = { lines: 0, close: () => socket.terminate() };
  watched = { delays: [], faults: 0 };
  const take = (lines: readonly Line[]) => {
    const now = wallClockMs();
    for (const [index, { message, seq }] of lines.entries()) {
      if (seq !== reader.lines + index + 1) watched.faults += 1;
      watched.delays.push(now - Number.parseFloat(message));
    }
    counted(reader, lines.length);
  };
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', (code, reason) => reject(new Error(`closed with ${code} ${reason.toString()}`)));
    socket.on('open', () => (operation ? socket.send(JSON.stringify({ type: 'connection_init' })) : resolve()));
    socket.on('message', (text: Buffer) => {
      const message = JSON.parse(text.toString());
      if (message.type === 'connection_ack') {
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: operation }));
        resolve();
      } else if (message.type === 'next') {
        const [data] = Object.values(message.payload.data) as [Line & { lines?: Line[] }];
        take(data.lines ?? [data]);
      } else if (!operation) take([message]);
      else reject(new Error(text.toString()));
    });
  });
  return reader;
}

serveProgram(async (request: ReadersRequest): Promise<Reading> => {
  if (request.kind === 'open') {
    for (const reader of readers) reader.close();
    [readers, deliveries] = [[], 0];
    wanted = { lines: Number.POSITIVE_INFINITY, done: () => {} };
    readers.push(await openWatching(request.port, request.operation));
    while (readers.length < request.count) {
      const some = Array.from({ length: Math.min(50, request.count - readers.length) }, () =>
        openCounting(request.port, request.operation),
      );
      readers.push(...(await Promise.all(some)));
    }
  } else {
    const timeout = setTimeout(() => wanted.done(), request.withinMs);
    await new Promise<void>((resolve) => {
      wanted = { lines: request.lines, done: resolve };
      counted({ lines: 0, close: () => undefined }, 0);
      if (deliveries >= request.lines * readers.length) resolve();
    });
    clearTimeout(timeout);
  }
  return { deliveries, lastAt, ...watched };
});
