import { once } from 'node:events';
import { runStep } from '@signalbox/plugin-sdk/testing';
import { describe, expect, test } from 'vitest';
import { PRICE_VERSION, priceOf } from '../src/model-price.ts';
import { prompt } from '../src/prompt.ts';
import type { PromptConfig } from '../src/prompt-config.ts';
import { anthropicServer } from './anthropic-server.ts';
import type { ModelStream } from './model-server.ts';
import { modelServer } from './model-server.ts';

const NOW = new Date();

async function asked(
  answer: (stream: ModelStream) => void,
  config: Partial<PromptConfig> = {},
  budget?: { tokens: number },
) {
  const { baseUrl, requests } = await modelServer(answer);
  const run = await runStep(prompt, {
    config: { model: 'openai/gpt-5-mini', prompt: 'Say hello.', ...config },
    secrets: { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: 'sk-test' },
    ...(budget && { budget }),
  });
  return { ...run, requests };
}

describe('prices', () => {
  test('a known model is priced to the millionth of a dollar, with the version of the list', async () => {
    const { costs } = await asked((stream) => stream.text('hi').end('stop', { input: 1_000, output: 500 }));
    // $0.25 and $2 a million.
    expect(costs).toEqual([
      {
        model: 'openai/gpt-5-mini',
        inputTokens: 1_000,
        outputTokens: 500,
        microUsd: 1_250n,
        priceVersion: PRICE_VERSION,
      },
    ]);
    expect(PRICE_VERSION).toMatch(/^@pydantic\/genai-prices \d+\.\d+\.\d+$/);
  });

  test('an unknown price is left out, and is not nothing', async () => {
    const { costs } = await asked((stream) => stream.text('hi').end('stop', { input: 5, output: 6 }), {
      model: 'acme/one',
    });
    expect(costs).toEqual([{ model: 'acme/one', inputTokens: 5, outputTokens: 6 }]);
  });

  test('fractions of a millionth are rounded up once for each call, and what comes offline is free', () => {
    expect(priceOf('openai/gpt-5-mini', { inputTokens: 1, outputTokens: 0 }, NOW)).toBe(1n);
    expect(priceOf('openai/gpt-5', { inputTokens: 8, outputTokens: 3 }, NOW)).toBe(40n);
    expect(priceOf('offline/agent-demo', { inputTokens: 8, outputTokens: 3 }, NOW)).toBe(0n);
  });

  test('tokens that the server had kept from an earlier call cost less', () => {
    const usage = { inputTokens: 1_000_000, outputTokens: 0 };
    const plain = priceOf('openai/gpt-5', usage, NOW) ?? 0n;
    expect(priceOf('openai/gpt-5', { ...usage, cacheReadTokens: 900_000 }, NOW)).toBeLessThan(plain);
  });

  test('a server that does not say what was used leaves an estimate, marked as such', async () => {
    const { costs, output } = await asked((stream) => stream.text('hello there').end());
    expect(costs).toMatchObject([{ partial: true, outputTokens: 3 }]);
    expect(output?.usage).toEqual({ inputTokens: null, outputTokens: null });
  });

  test('Anthropic is asked in its own way, and counted', async () => {
    const { baseUrl, requests } = await anthropicServer('Good day.', { input: 30, output: 4 });
    const { output, costs, failure } = await runStep(prompt, {
      config: { model: 'anthropic/claude-sonnet-4-5', prompt: 'Hello?', system: 'Be brief.' },
      secrets: { ANTHROPIC_BASE_URL: baseUrl, ANTHROPIC_API_KEY: 'key' },
    });
    expect(failure).toBeUndefined();
    expect(output).toMatchObject({ text: 'Good day.', usage: { inputTokens: 30, outputTokens: 4 } });
    expect(requests[0]).toMatchObject({ model: 'claude-sonnet-4-5', system: [{ text: 'Be brief.' }] });
    expect(costs).toMatchObject([{ microUsd: 150n }]);
  });
});

describe('what a call that does not end costs', () => {
  test('a stop in mid-stream records what is known of it, as an estimate', async () => {
    const stop = new AbortController();
    const closed = Promise.withResolvers<void>();
    const { baseUrl } = await modelServer((stream) => {
      stream.text('first line\nsec');
      void once(stream.response, 'close').then(() => closed.resolve());
    });
    const { costs, activities } = await runStep(prompt, {
      config: { model: 'openai/gpt-5-mini', prompt: 'x' },
      secrets: { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: 'sk-test' },
      signal: stop.signal,
      onLine: () => stop.abort('cancelled'),
    });
    expect(costs).toMatchObject([{ model: 'openai/gpt-5-mini', outputTokens: 4, partial: true }]);
    expect(costs[0]?.microUsd).toBeGreaterThan(0n);
    expect(activities).toMatchObject([{ kind: 'MODEL_TURN', end: { status: 'CANCELLED', cost: { partial: true } } }]);
    await closed.promise;
  });

  test('so does a stream that is cut', async () => {
    const { costs, failure } = await asked((stream) =>
      stream.text('Hel').response.write('', () => stream.response.destroy()),
    );
    expect(failure?.category).toBe('NETWORK');
    expect(costs).toMatchObject([{ partial: true }]);
  });

  test('a refused call costs nothing', async () => {
    const { costs, activities } = await asked((stream) => stream.error(401, 'who are you?'));
    expect(costs).toEqual([]);
    expect(activities).toMatchObject([{ end: { status: 'FAILED', error: expect.stringContaining('who are you?') } }]);
  });
});

describe('budgets', () => {
  test('a call that might not fit is not made', async () => {
    const { failure, requests } = await asked((stream) => stream.end(), { maxOutputTokens: 100 }, { tokens: 120 });
    expect(failure?.category).toBe('BUDGET');
    expect(requests).toEqual([]);
  });

  test('a call that a budget counts is held to what was reserved', async () => {
    const { failure, requests } = await asked(
      (stream) => stream.text('hi').end('stop', { input: 3, output: 1 }),
      {},
      { tokens: 9_000 },
    );
    expect(failure).toBeUndefined();
    expect(requests[0]?.body.max_completion_tokens).toBe(4_096);
  });

  test('an amount that is none is refused', async () => {
    const { failure } = await asked((stream) => stream.end(), { budget: { usd: '0.1234567' } });
    expect(failure).toMatchObject({ category: 'USER_INPUT', message: expect.stringContaining('at most 6 decimals') });
  });
});
