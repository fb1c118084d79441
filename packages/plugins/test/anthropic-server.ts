import { readBody, serve } from './loopback-server.ts';

/** A server that answers each request as Anthropic's /v1/messages streams it; `requests` are the bodies that came. */
export async function anthropicServer(text: string, usage: { input: number; output: number }) {
  const requests: Record<string, unknown>[] = [];
  const address = await serve(async (request, response) => {
    requests.push(JSON.parse(await readBody(request)));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const event = (type: string, data: object) =>
      response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
    const message = { id: 'm1', type: 'message', role: 'assistant', model: 'test', content: [], stop_reason: null };
    event('message_start', { message: { ...message, usage: { input_tokens: usage.input, output_tokens: 1 } } });
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
    event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } });
    event('content_block_stop', { index: 0 });
    event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: usage.output } });
    event('message_stop', {});
    response.end();
  });
  return { baseUrl: `${address}/v1`, requests };
}
