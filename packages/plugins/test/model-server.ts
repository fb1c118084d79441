import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { readBody, serve } from './loopback-server.ts';

/** What a model server was asked. */
export interface ModelRequest {
  path: string | undefined;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

/** An OpenAI-compatible server that answers each request as `answer` does; `requests` are those that came. */
export async function modelServer(answer: (stream: ModelStream) => void) {
  const requests: ModelRequest[] = [];
  const address = await serve(async (request, response) => {
    const body: Record<string, unknown> = JSON.parse(await readBody(request));
    requests.push({ path: request.url, headers: request.headers, body });
    answer(new ModelStream(response));
  });
  return { baseUrl: `${address}/v1`, requests };
}

/** An answer in server-sent events, as /chat/completions gives with `stream: true`. */
export class ModelStream {
  readonly response: ServerResponse;

  constructor(response: ServerResponse) {
    this.response = response;
  }

  /** Sends an event; the first one begins the answer. */
  event(data: unknown): this {
    if (!this.response.headersSent) this.response.writeHead(200, { 'content-type': 'text/event-stream' });
    this.response.write(`data: ${JSON.stringify(data)}\n\n`);
    return this;
  }

  text(...parts: string[]): this {
    for (const content of parts)
      this.event({ id: '1', choices: [{ index: 0, delta: { role: 'assistant', content } }] });
    return this;
  }

  /** Asks for calls of tools, with their arguments as values, or as the text that a model wrote. */
  calls(...calls: [name: string, args: unknown][]): this {
    const tool_calls = calls.map(([name, args], index) => {
      const text = typeof args === 'string' ? args : JSON.stringify(args);
      return { index, id: `call-${name}-${index}`, type: 'function', function: { name, arguments: text } };
    });
    return this.event({ id: '1', choices: [{ index: 0, delta: { role: 'assistant', tool_calls } }] });
  }

  /** Ends the answer, with the tokens used when they are given. */
  end(finishReason = 'stop', usage?: { input: number; output: number }): void {
    this.event({ id: '1', choices: [{ index: 0, delta: {}, finish_reason: finishReason }] });
    if (usage) {
      const tokens = {
        prompt_tokens: usage.input,
        completion_tokens: usage.output,
        total_tokens: usage.input + usage.output,
      };
      this.event({ id: '1', choices: [], usage: tokens });
    }
    this.response.end('data: [DONE]\n\n');
  }

  error(status: number, message: string, headers: Record<string, string> = {}, code?: string): void {
    this.response.writeHead(status, { 'content-type': 'application/json', ...headers });
    this.response.end(JSON.stringify({ error: { message, type: 'test', code } }));
  }
}
