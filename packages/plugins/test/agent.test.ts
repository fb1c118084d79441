import { runStep } from '@signalbox/plugin-sdk/testing';
import { describe, expect, test } from 'vitest';
import { agent } from '../src/agent.ts';
import type { AgentConfig } from '../src/agent-config.ts';
import { sendJson, serve } from './loopback-server.ts';
import type { ModelStream } from './model-server.ts';
import { modelServer } from './model-server.ts';

/** Runs an agent against a server that answers its turns so, one after the other. */
async function agentRun(
  turns: ((stream: ModelStream) => void)[],
  config: Partial<AgentConfig> = {},
  signal?: AbortSignal,
) {
  const left = [...turns];
  const { baseUrl, requests } = await modelServer((stream) => (left.length > 1 ? left.shift() : left[0])?.(stream));
  const run = await runStep(agent, {
    config: { model: 'openai/gpt-5-mini', prompt: 'Look it up.', tools: ['http.request'], ...config },
    secrets: { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: 'sk-test', SIGNALBOX_HTTP_ALLOW: '127.0.0.1' },
    ...(signal && { signal }),
  });
  return { ...run, requests };
}

const answer = (text: string) => (stream: ModelStream) => stream.text(text).end('stop', { input: 20, output: 5 });
const call =
  (args: unknown, name = 'http_request') =>
  (stream: ModelStream) =>
    stream.calls([name, args]).end('tool_calls', { input: 10, output: 3 });

describe('an agent', () => {
  test('calls the tools that the model wants, tells it what came of them, and hands on its answer', async () => {
    const url = await serve((_request, response) => sendJson(response, { city: 'Lisbon' }));
    const { output, failure, requests, activities, costs } = await agentRun([call({ url }), answer('It is Lisbon.')]);
    expect(failure).toBeUndefined();
    expect(output).toMatchObject({
      text: 'It is Lisbon.',
      turns: 2,
      toolCalls: 1,
      usage: { inputTokens: 30, outputTokens: 8 },
    });
    expect(requests[0]?.body.tools).toMatchObject([
      { function: { name: 'http_request', parameters: { type: 'object' } } },
    ]);
    expect(JSON.stringify(requests[1]?.body.messages)).toContain('Lisbon');
    expect(activities.map(({ id, kind, name, parentId, end }) => [id, kind, name, parentId, end?.status])).toEqual([
      ['activity-1', 'MODEL_TURN', 'openai/gpt-5-mini', undefined, 'COMPLETED'],
      ['activity-2', 'TOOL_CALL', 'http.request', 'activity-1', 'COMPLETED'],
      ['activity-3', 'MODEL_TURN', 'openai/gpt-5-mini', undefined, 'COMPLETED'],
    ]);
    expect(activities[1]).toMatchObject({ input: { url }, end: { output: { status: 200, body: { city: 'Lisbon' } } } });
    expect(activities[0]?.end?.cost).toMatchObject({ inputTokens: 10, microUsd: 9n });
    expect(costs).toHaveLength(2);
  });

  test('its work is in the log too', async () => {
    const url = await serve((_request, response) => sendJson(response, 'ok'));
    const { lines } = await agentRun([call({ url }), answer('Done.')]);
    const said = lines.map(({ level, message }) => `${level} ${message}`);
    expect(said).toContainEqual(expect.stringMatching(/^INFO → http\.request \{"url":/));
    expect(said).toContainEqual(expect.stringMatching(/^INFO ← http\.request in \d+\.\d s: /));
    expect(said).toContain('PROGRESS Done.');
  });

  test.each<[string, (stream: ModelStream) => void, string]>([
    ['fails', call({ url: 'http://127.0.0.1:1/' }), 'failed'],
    ['is given input that does not fit', call({ uri: 'x' }), "must have required property 'url'"],
    ['is given no JSON', call('{"url":'), 'Invalid input for tool'],
    ['is not there', call({}, 'rm_rf'), 'unavailable tool'],
  ])('a tool that %s is told to the model, and is not the end of the step', async (_what, turn, reason) => {
    const { output, requests, activities } = await agentRun([turn, answer('Never mind.')]);
    expect(output).toMatchObject({ text: 'Never mind.', turns: 2, toolCalls: 1 });
    expect(JSON.stringify(requests[1]?.body.messages)).toContain(reason);
    expect(activities[1]).toMatchObject({ kind: 'TOOL_CALL', end: { status: 'FAILED' } });
  });

  test('calls of one turn are made beside each other', async () => {
    const both = Promise.withResolvers<void>();
    let came = 0;
    const url = await serve(async (_request, response) => {
      came += 1;
      if (came === 2) both.resolve();
      await both.promise;
      sendJson(response, came);
    });
    const twice = (stream: ModelStream) =>
      stream.calls(['http_request', { url }], ['http_request', { url }]).end('tool_calls');
    const { output } = await agentRun([twice, answer('Two.')]);
    expect(output?.toolCalls).toBe(2);
  });

  test('one that goes on and on fails when its turns are used up, before it calls another tool', async () => {
    const { failure, requests, activities } = await agentRun([call({ url: 'http://127.0.0.1:1/' })], { maxTurns: 2 });
    expect(failure).toMatchObject({ category: 'BUDGET', message: expect.stringContaining('within 2 turns') });
    expect(requests).toHaveLength(2);
    expect(activities.filter(({ kind }) => kind === 'TOOL_CALL')).toHaveLength(1);
  });

  test('an answer that does not fit the output schema is asked for once more', async () => {
    const output = { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } };
    const run = await agentRun([answer('none'), answer('{"n": 3}')], { output, tools: [] });
    expect(run.output).toMatchObject({ value: { n: 3 }, turns: 2 });
  });

  test('a stop in the middle of a turn or a tool ends it', async () => {
    const stop = new AbortController();
    const url = await serve(() => stop.abort('cancelled'));
    const { failure, activities } = await agentRun([call({ url }), answer('never')], {}, stop.signal);
    expect(failure?.category).toBe('CANCELLED');
    expect(activities).toMatchObject([{ end: { status: 'COMPLETED' } }, { end: { status: 'CANCELLED' } }]);
  });

  test('a tool that is not there is refused before the model is asked', async () => {
    const { failure, requests } = await agentRun([answer('x')], { tools: ['http.reqest'] });
    expect(failure).toMatchObject({ category: 'CONFIGURATION', message: expect.stringContaining('http.reqest') });
    expect(requests).toEqual([]);
  });
});

describe('an agent without a network', () => {
  test('offline/echo says that no model was called and no tool was used', async () => {
    const { output } = await runStep(agent, { config: { prompt: 'Do it.', tools: ['http.request'] } });
    expect(output).toMatchObject({ turns: 1, toolCalls: 0, model: 'offline/echo' });
    expect(output?.text).toContain('No model was called. None of its tools was used either.');
  });

  test('offline/agent-demo calls the tools that its prompt names, a turn each, and tells what came of them', async () => {
    const url = await serve((_request, response) => sendJson(response, { n: 42 }));
    const prompt = `Try the tools:\ncall http.request {"url": "${url}"}\ncall http.request {"url": "${url}/2"}`;
    const config = { model: 'offline/agent-demo', prompt, tools: ['http.request'] };
    const { output, activities, costs } = await runStep(agent, {
      config,
      secrets: { SIGNALBOX_HTTP_ALLOW: '127.0.0.1' },
    });
    expect(output).toMatchObject({ turns: 3, toolCalls: 2 });
    expect(output?.text).toMatch(/^\[offline\/agent-demo\] No model was asked\. 2 tool calls:\n.*42/);
    expect(activities.map(({ kind }) => kind).join(' ')).toBe('MODEL_TURN TOOL_CALL MODEL_TURN TOOL_CALL MODEL_TURN');
    expect(costs.every(({ microUsd }) => microUsd === 0n)).toBe(true);
  });
});

test('people see the model and its tools', () => {
  expect(agent.uses?.({ prompt: 'x', model: 'openai/gpt-5', tools: ['http.request', 'mcp:files'] })).toBe(
    'openai/gpt-5 with http.request, mcp:files',
  );
});
