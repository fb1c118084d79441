/** The floor of a fan-out: each line is made a frame once, and all frames of a tick are one write to each socket. */
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import type { LineServerRequest } from './line-server.ts';
import { produce } from './produced-line.ts';
import { openRawLog } from './raw-lines.ts';
import { serveProgram } from './served.ts';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
const sockets = new Set<Socket>();
server.on('connection', (client, { socket }) => {
  sockets.add(socket);
  client.on('close', () => sockets.delete(socket));
});
let log: Awaited<ReturnType<typeof openRawLog>>;

/** A text of less than 64 KiB. */
function frameOf(value: unknown): Buffer[] {
  const text = Buffer.from(JSON.stringify(value));
  const length = text.length < 126 ? [text.length] : [126, text.length >> 8, text.length & 0xff];
  return [Buffer.from([0x81, ...length]), text];
}

serveProgram(async (request: LineServerRequest) => {
  if (request.kind === 'open') {
    log = await openRawLog(request.databaseUrl);
    if (server.address() === null) await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }
  await produce(request, async (texts, first) => {
    const lines = await log.store(request.run, texts, first);
    const frames = Buffer.concat(lines.flatMap(frameOf));
    for (const socket of sockets) socket.write(frames);
  });
  return 0;
});
