import { type ModelStream, modelServer } from './model-server.ts';

type Usage = { input: number; output: number };

/**
 * A model that answers with as many tokens as it is told, and keeps its own books of what that costs. Told nothing for a
 * call, it has no time for it.
 */
export async function countingModel(tokens: (call: number) => Usage | undefined) {
  let calls = 0;
  let open = 0;
  const books = { calls: 0, microUsd: 0, most: 0 };
  const { baseUrl } = await modelServer((stream: ModelStream) => {
    const usage = tokens(calls);
    calls += 1;
    if (!usage) {
      stream.error(429, 'Too many calls.', { 'retry-after': '0' });
      return;
    }
    open += 1;
    books.most = Math.max(books.most, open);
    stream.response.once('close', () => {
      open -= 1;
    });
    books.calls += 1;
    // Prices of gpt-5-mini: $0.25 and $2 a million.
    books.microUsd += Math.ceil(usage.input * 0.25 + usage.output * 2);
    // Some time, so that calls are under way beside each other.
    setTimeout(() => stream.text('A short answer.').end('stop', usage), 5);
  });
  return { environment: { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: 'sk-test' }, books };
}
