/** Servers on a free loopback port that give a secret back, whatever they are asked. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { disguisesOf } from './disguises.ts';

export interface LoopbackServer {
  url: string;
  /** The Authorization header of each request. */
  authorizations: (string | undefined)[];
  close(): void;
}

/** Answers with what it got, and with every disguise. */
export function echoServer(secret: string): Promise<LoopbackServer> {
  return serve((request, response) => {
    void text(request).then((body) => {
      response.setHeader('x-echo', encodeURIComponent(secret));
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ url: request.url, headers: request.headers, body, ...disguisesOf(secret) }));
    });
  });
}

/** Speaks the OpenAI protocol: every disguise in pieces of seven signs. */
export function modelServer(secret: string): Promise<LoopbackServer> {
  return serve((request, response) => {
    void text(request).then(() => {
      response.setHeader('content-type', 'text/event-stream');
      const send = (choice: object) =>
        response.write(`data: ${JSON.stringify({ id: '1', choices: [{ index: 0, ...choice }] })}\n\n`);
      for (const disguise of Object.values(disguisesOf(secret)))
        for (const content of [...(disguise.match(/.{1,7}/gs) ?? []), '\n'])
          send({ delta: { role: 'assistant', content } });
      send({ delta: {}, finish_reason: 'stop' });
      response.end('data: [DONE]\n\n');
    });
  });
}

async function serve(listener: RequestListener): Promise<LoopbackServer> {
  const authorizations: LoopbackServer['authorizations'] = [];
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    listener(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${address.port}`, authorizations, close };
}
