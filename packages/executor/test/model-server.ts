/** An OpenAI-compatible server on loopback, until the test ends. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export async function modelServer(answer: (stream: ModelStream) => void): Promise<{ baseUrl: string }> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => answer(new ModelStream(response)));
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` };
}

/** An answer in server-sent events, as /chat/completions gives with `stream: true`. */
export class ModelStream {
  readonly response: ServerResponse;

  constructor(response: ServerResponse) {
    this.response = response;
  }

  text(content: string): this {
    return this.#event({ choices: [{ index: 0, delta: { role: 'assistant', content } }] });
  }

  call(name: string, args: unknown): this {
    const called = {
      index: 0,
      id: `call-${name}`,
      type: 'function',
      function: { name, arguments: JSON.stringify(args) },
    };
    return this.#event({ choices: [{ index: 0, delta: { role: 'assistant', tool_calls: [called] } }] });
  }

  end(finishReason: 'stop' | 'tool_calls', { input, output }: { input: number; output: number }): void {
    this.#event({ choices: [{ index: 0, delta: {}, finish_reason: finishReason }] });
    const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
    this.#event({ choices: [], usage });
    this.response.end('data: [DONE]\n\n');
  }

  error(status: number, message: string, headers: Record<string, string>): void {
    this.response.writeHead(status, { 'content-type': 'application/json', ...headers });
    this.response.end(JSON.stringify({ error: { message, type: 'test' } }));
  }

  #event(data: object): this {
    if (!this.response.headersSent) this.response.writeHead(200, { 'content-type': 'text/event-stream' });
    this.response.write(`data: ${JSON.stringify({ id: '1', ...data })}\n\n`);
    return this;
  }
}
