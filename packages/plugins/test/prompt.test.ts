import { once } from 'node:events';
import { runStep } from '@signalbox/plugin-sdk/testing';
import { describe, expect, test } from 'vitest';
import { prompt } from '../src/prompt.ts';
import type { PromptConfig } from '../src/prompt-config.ts';
import type { ModelStream } from './model-server.ts';
import { modelServer } from './model-server.ts';

const TITLE = { type: 'object', required: ['title'], properties: { title: { type: 'string' } } };

/** Runs the step against a server that answers so. */
async function asked(answer: (stream: ModelStream) => void, config: Partial<PromptConfig> = {}) {
  const { baseUrl, requests } = await modelServer(answer);
  const run = await runStep(prompt, {
    config: { model: 'openai/gpt-test', prompt: 'Say hello.', ...config },
    secrets: { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: 'sk-test' },
  });
  return { ...run, requests };
}

describe('a model behind an OpenAI-compatible server', () => {
  test('the answer is streamed into the log line by line, and handed on whole with its usage', async () => {
    const { output, lines, costs, failure } = await asked((stream) =>
      stream.text('Hel', 'lo\nwor', 'ld\n\nand', '-all').end('stop', { input: 12, output: 7 }),
    );
    expect(failure).toBeUndefined();
    expect(output).toEqual({
      text: 'Hello\nworld\n\nand-all',
      model: 'openai/gpt-test',
      usage: { inputTokens: 12, outputTokens: 7 },
    });
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['PROGRESS', 'Hello'],
      ['PROGRESS', 'world'],
      ['PROGRESS', ''],
      ['PROGRESS', 'and-all'],
    ]);
    expect(costs).toEqual([{ model: 'openai/gpt-test', inputTokens: 12, outputTokens: 7 }]);
  });

  test('a line is logged as soon as it is whole', async () => {
    const { promise: firstLine, resolve } = Promise.withResolvers<string>();
    const { baseUrl } = await modelServer((stream) => {
      stream.text('first\nsec');
      void firstLine.then(() => stream.text('ond').end());
    });
    const { output } = await runStep(prompt, {
      config: { model: 'openai/gpt-test', prompt: 'x' },
      secrets: { OPENAI_BASE_URL: baseUrl },
      onLine: (line) => resolve(line.message),
    });
    expect(await firstLine).toBe('first');
    expect(output?.text).toBe('first\nsecond');
  });

  test('the request carries the name without the provider, the key, and every setting', async () => {
    const { requests } = await asked((stream) => stream.end(), {
      model: 'openai/acme/large',
      system: 'Be brief.',
      temperature: 0.5,
      maxOutputTokens: 100,
    });
    expect(requests).toHaveLength(1);
    expect(requests[0]?.path).toBe('/v1/chat/completions');
    expect(requests[0]?.headers.authorization).toBe('Bearer sk-test');
    expect(requests[0]?.body).toMatchObject({
      model: 'acme/large',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Say hello.' },
      ],
      temperature: 0.5,
      max_tokens: 100,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test('a server of one’s own needs no key and may have any provider name', async () => {
    const { baseUrl, requests } = await modelServer((stream) => stream.text('hi').end());
    const { output } = await runStep(prompt, {
      config: { model: 'local/tiny', prompt: 'x' },
      secrets: { OPENAI_BASE_URL: baseUrl },
    });
    expect(output).toMatchObject({ text: 'hi', usage: { inputTokens: null, outputTokens: null } });
    expect(requests[0]?.headers).not.toHaveProperty('authorization');
  });

  test('an output schema is sent along, and the answer comes as a value', async () => {
    const { output, requests } = await asked((stream) => stream.text('{"title":', '"Hello"}').end(), { output: TITLE });
    expect(output).toMatchObject({ value: { title: 'Hello' }, text: '{"title":"Hello"}' });
    expect(requests[0]?.body.response_format).toMatchObject({ type: 'json_schema', json_schema: { schema: TITLE } });
  });

  test.each([
    ['is no JSON', 'Sure! Here it is:', 'it is no JSON'],
    ['does not fit', '{"titel": "x"}', "must have required property 'title'"],
  ])('an answer that %s is repaired by asking once more', async (_what, text, problem) => {
    const answers = [text, '{"title": "Hello"}'];
    const { output, requests, costs } = await asked(
      (stream) => stream.text(answers.shift() ?? '').end('stop', { input: 10, output: 2 }),
      { output: TITLE },
    );
    expect(output).toMatchObject({ value: { title: 'Hello' }, usage: { inputTokens: 20, outputTokens: 4 } });
    expect(requests[1]?.body.messages).toMatchObject([
      { role: 'user', content: 'Say hello.' },
      { role: 'assistant', content: text },
      { role: 'user', content: expect.stringContaining(problem) },
    ]);
    expect(costs).toHaveLength(2);
  });

  test('an answer that does not fit even then fails the step, which may be tried again', async () => {
    const { failure, costs } = await asked((stream) => stream.text('{}').end('stop', { input: 1, output: 2 }), {
      output: TITLE,
    });
    expect(failure).toMatchObject({ category: 'PLUGIN', retryable: true });
    expect(failure?.message).toContain("must have required property 'title'");
    expect(costs).toHaveLength(2);
  });

  test('an answer that was cut at its limit is marked by a warning', async () => {
    const { output, lines } = await asked((stream) => stream.text('Hel').end('length'));
    expect(output?.text).toBe('Hel');
    expect(lines.at(-1)?.level).toBe('WARNING');
  });
});

describe('failures of a model server', () => {
  test.each([
    [401, 'AUTH', 'Check OPENAI_API_KEY.'],
    [402, 'BUDGET', 'no such luck'],
    [404, 'USER_INPUT', 'no such luck'],
    [429, 'RATE_LIMIT', 'retry'],
    [500, 'NETWORK', 'Check OPENAI_BASE_URL'],
    [503, 'NETWORK', 'Check OPENAI_BASE_URL'],
  ])('status %i is %s, tried only once, and says what to do', async (status, category, advice) => {
    const { failure, requests } = await asked((stream) => stream.error(status, 'no such luck'));
    expect(failure).toMatchObject({ category, message: expect.stringContaining(`(status ${status})`) });
    expect(failure?.message).toContain(advice);
    expect(requests).toHaveLength(1);
  });

  test('the key never shows, even when the server repeats it', async () => {
    const { failure } = await asked((stream) => stream.error(401, 'wrong key sk-test'));
    expect(failure?.message).not.toContain('sk-test');
  });

  test.each<[string, (stream: ModelStream) => void]>([
    ['breaks off', (stream) => stream.text('Hel').response.write('', () => stream.response.destroy())],
    ['ends without saying so', (stream) => stream.text('Hel').response.end()],
    [
      'holds an error',
      (stream) =>
        stream
          .text('Hel')
          .event({ error: { message: 'overloaded' } })
          .response.end(),
    ],
    ['holds no JSON', (stream) => stream.text('Hel').response.end('data: {oops\n\n')],
    ['never begins', (stream) => stream.response.destroy()],
  ])('a stream that %s is NETWORK', async (_what, answer) => {
    const { failure, output } = await asked(answer);
    expect(failure?.category).toBe('NETWORK');
    expect(output).toBeUndefined();
  });

  test.each([
    ['openai/gpt-test', 'OPENAI_API_KEY'],
    ['acme/one', 'OPENAI_BASE_URL'],
    ['gpt-test', 'provider/name'],
    ['openai/', 'provider/name'],
    ['offline/other', 'offline/echo'],
  ])('%s without any setting is refused and names %s', async (model, name) => {
    const { failure } = await runStep(prompt, { config: { model, prompt: 'x' } });
    expect(failure).toMatchObject({ category: 'CONFIGURATION', message: expect.stringContaining(name) });
  });

  test.each<[string, PromptConfig['output'], string]>([
    ['is none', { type: 'thing' }, 'must be equal to one of the allowed values'],
    ['refers to what is not there', { $ref: '#/$defs/no' }, "can't resolve reference"],
    ['refers to itself in a circle', { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } }, 'circles'],
    ['has a pattern that is none', { type: 'string', pattern: '(' }, 'regular expression'],
  ])('an output schema that %s is refused before anything is sent', async (_what, output, reason) => {
    const { failure, requests } = await asked((stream) => stream.end(), { output });
    expect(failure).toMatchObject({ category: 'USER_INPUT', message: expect.stringContaining(reason) });
    expect(failure?.message).toContain('no usable JSON Schema');
    expect(requests).toHaveLength(0);
  });

  test('every part of an answer is checked', async () => {
    const output = { properties: { a: { type: 'string', pattern: '^a' }, b: { type: 'string', pattern: '^b' } } };
    const good = await asked((stream) => stream.text('{"a":"a1","b":"b1"}').end(), { output });
    expect(good.output?.value).toEqual({ a: 'a1', b: 'b1' });
    const bad = await asked((stream) => stream.text('{"a":"a1","b":"a1"}').end(), { output });
    expect(bad.failure?.message).toContain('the answer/b must match pattern "^b"');
  });

  test('an answer without end is cut off at 4 MiB', async () => {
    const { failure } = await asked((stream) => {
      for (let sent = 0; sent < 6; sent += 1) stream.text('x'.repeat(1024 * 1024));
    });
    expect(failure?.message).toContain('longer than 4 MiB');
  });

  test('a stop in the middle closes the connection and keeps what was streamed in the log', async () => {
    const stop = new AbortController();
    const closed = Promise.withResolvers<void>();
    const { baseUrl } = await modelServer((stream) => {
      stream.text('first\nsec');
      void once(stream.response, 'close').then(() => closed.resolve());
    });
    const { failure, lines } = await runStep(prompt, {
      config: { model: 'openai/gpt-test', prompt: 'x' },
      secrets: { OPENAI_BASE_URL: baseUrl },
      signal: stop.signal,
      onLine: () => stop.abort('cancelled'),
    });
    expect(failure?.category).toBe('CANCELLED');
    expect(lines[0]?.message).toBe('first');
    await closed.promise;
  });

  test.each([
    ['seconds', { 'retry-after': '7' }, 7_000],
    ['milliseconds', { 'retry-after-ms': '1500', 'retry-after': '9' }, 1_500],
    ['a date that is over', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, 0],
  ])('the delay that a server asks for in %s is handed on to the retry', async (_form, headers, retryAfterMs) => {
    const { failure } = await asked((stream) => stream.error(429, 'slow down', headers));
    expect(failure).toMatchObject({ category: 'RATE_LIMIT', retryAfterMs });
  });

  test('an account without money is BUDGET, though the server calls it too many requests', async () => {
    const { failure } = await asked((stream) => stream.error(429, 'no credit', {}, 'insufficient_quota'));
    expect(failure?.category).toBe('BUDGET');
  });
});

test('people see the model, offline/echo when none was chosen', () => {
  expect(prompt.uses?.({ prompt: 'x', model: 'openai/gpt-test' })).toBe('openai/gpt-test');
  expect(prompt.uses?.({ prompt: 'x' })).toBe('offline/echo');
});
