import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A server on loopback that never comes to an end: `/silent` never answers, and every model streams for ever. */
export interface EndlessServer {
  url: string;
  /** Connections on which a request has come and that are still open. */
  readonly open: number;
  close(): Promise<void>;
}

const CHUNK = { id: 'x', object: 'chat.completion.chunk', created: 0, model: 'endless' };
const EVERY_MS = 50;

export async function startEndlessServer(): Promise<EndlessServer> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    sockets.add(request.socket);
    request.socket.once('close', () => sockets.delete(request.socket));
    if (request.url === '/silent') return;
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const say = () => {
      const choices = [{ index: 0, delta: { role: 'assistant', content: 'and so on\n' }, finish_reason: null }];
      response.write(`data: ${JSON.stringify({ ...CHUNK, choices })}\n\n`);
    };
    say();
    const timer = setInterval(say, EVERY_MS);
    response.once('close', () => clearInterval(timer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get open() {
      return sockets.size;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
