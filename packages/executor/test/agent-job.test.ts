import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readActivities } from '@signalbox/db/activities';
import { requestCancel } from '@signalbox/db/cancel';
import { sumCosts } from '@signalbox/db/costs';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { requestPause } from '@signalbox/db/pause';
import { resumeJob } from '@signalbox/db/requeue';
import { SignalSender } from '@signalbox/db/signals';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ModelStream, modelServer } from './model-server.ts';
import { openStage, type Stage, until } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** An executor whose models answer so, one call after the other. */
async function withModel(answer: (stream: ModelStream, call: number) => void, queue: string) {
  let calls = 0;
  const { baseUrl } = await modelServer((stream) => answer(stream, ++calls));
  await stage.startExecutor({ OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: 'sk-test', SIGNALBOX_QUEUES: queue });
  return { calls: () => calls };
}

const AGENT = { model: 'openai/gpt-5-mini', prompt: 'Add up.', tools: ['json.query'] };
const ADD = { expression: '1 + 1', data: null };

async function activitiesOf(jobId: string) {
  const { id } = (await stage.job(jobId)).step('work');
  return readActivities(stage.db, id, { attempt: null, limit: 50, backward: false });
}

test('an agent’s turns and calls are stored as a tree, with their cost, and its job can be paused between two turns', async () => {
  const second = Promise.withResolvers<void>();
  const paused = Promise.withResolvers<void>();
  const model = await withModel((stream, call) => {
    if (call === 1) stream.call('json_query', ADD).end('tool_calls', { input: 100, output: 10 });
    else if (call === 2) {
      second.resolve();
      void paused.promise.then(() => stream.call('json_query', ADD).end('tool_calls', { input: 100, output: 10 }));
    } else stream.text('It is 2.').end('stop', { input: 200, output: 20 });
  }, 'tree');
  // Beside the agent a step that looks for a pause all the time: it shows by stopping that the worker has heard of it.
  const file = path.join(stage.folder, 'gate');
  const steps = [
    { key: 'work', type: 'agent', with: AGENT },
    { key: 'gate', type: 'test.gate', needs: [], with: { file } },
  ];
  const jobId = await stage.queue(steps, { workflow: { queue: 'tree' } });
  await second.promise;
  await stage.logged(jobId, /^waiting in attempt 1/);
  await requestPause(stage.db, DEFAULT_TENANT_ID, jobId);
  const signals = new SignalSender(stage.url);
  signals.send('control', jobId);
  await until(
    'the worker has heard of the pause',
    () => stage.job(jobId),
    (job) => job.step('gate').attempts[0]?.status === 'CANCELLED',
  );
  await signals.close();
  paused.resolve();
  await until(
    'the job is paused',
    () => stage.job(jobId),
    ({ status }) => status === 'PAUSED',
  );
  expect(model.calls()).toBe(2);

  await writeFile(file, '');
  await resumeJob(stage.db, DEFAULT_TENANT_ID, jobId);
  const job = await stage.settled(jobId);
  expect(job.step('work').output).toMatchObject({ text: 'It is 2.', turns: 1 });
  const activities = await activitiesOf(jobId);
  expect(activities.map(({ attempt, kind, name, status }) => [attempt, kind, name, status])).toEqual([
    [1, 'MODEL_TURN', 'openai/gpt-5-mini', 'COMPLETED'],
    [1, 'TOOL_CALL', 'json.query', 'COMPLETED'],
    [1, 'MODEL_TURN', 'openai/gpt-5-mini', 'COMPLETED'],
    [1, 'TOOL_CALL', 'json.query', 'COMPLETED'],
    [2, 'MODEL_TURN', 'openai/gpt-5-mini', 'COMPLETED'],
  ]);
  expect(activities[1]).toMatchObject({
    parentId: activities[0]?.id,
    input: ADD,
    output: { value: 2 },
    microUsd: null,
  });
  expect(activities[0]).toMatchObject({ microUsd: 45n, inputTokens: 100n, outputTokens: 10n });
  // What the attempt that was paused had cost counts too.
  expect((await sumCosts(stage.db, [jobId])).get(jobId)).toMatchObject({ microUsd: 180n, inputTokens: 400n });
});

test('a cancel in the middle of a turn closes the connection, and what it cost so far is kept as an estimate', async () => {
  const closed = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  await withModel((stream) => {
    stream.text('Let me think about this for a while.\n');
    void once(stream.response, 'close').then(() => closed.resolve());
    begun.resolve();
  }, 'cancel');
  const jobId = await stage.queue([{ key: 'work', type: 'agent', with: AGENT }], { workflow: { queue: 'cancel' } });
  await begun.promise;
  await stage.logged(jobId, /^Let me think/);
  await requestCancel(stage.db, DEFAULT_TENANT_ID, jobId, false);
  await closed.promise;
  expect((await stage.settled(jobId)).status).toBe('CANCELLED');
  expect(await activitiesOf(jobId)).toMatchObject([{ status: 'CANCELLED', partial: true }]);
  const cost = (await sumCosts(stage.db, [jobId])).get(jobId);
  expect(cost).toMatchObject({ costPartial: true, unpricedModels: [] });
  expect(cost?.microUsd).toBeGreaterThan(0n);
});

test('a retry waits as long as the server asks', async () => {
  const model = await withModel((stream, call) => {
    if (call === 1) stream.error(429, 'slow down', { 'retry-after-ms': '700' });
    else stream.text('Now.').end('stop', { input: 1, output: 1 });
  }, 'limit');
  const retry = { attempts: 2, delayMs: 1, factor: 1, maxDelayMs: 10 };
  const steps = [{ key: 'work', type: 'prompt', with: { model: AGENT.model, prompt: 'x' }, retry }];
  const jobId = await stage.queue(steps, { workflow: { queue: 'limit' } });
  expect((await stage.settled(jobId)).status).toBe('COMPLETED');
  expect(model.calls()).toBe(2);
  expect((await stage.logged(jobId, /next try in/)).message).toContain('(RATE_LIMIT), next try in 0.7 s');
});
