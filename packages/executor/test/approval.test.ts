import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { decideApproval } from '@signalbox/db/approvals';
import { requestCancel } from '@signalbox/db/cancel';
import { ConflictError, InvalidInputError, NotFoundError } from '@signalbox/db/failures';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { requestPause } from '@signalbox/db/pause';
import { resumeJob, retryJob } from '@signalbox/db/requeue';
import { SignalSender } from '@signalbox/db/signals';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage, type TestStep, until } from './stage.ts';

let stage: Stage;
let signals: SignalSender;
beforeAll(async () => {
  stage = await openStage();
  signals = new SignalSender(stage.url);
  // One slot: whoever waits and keeps it stops everybody else.
  await stage.startExecutor({ SIGNALBOX_CONCURRENCY: '1' });
});
afterAll(async () => {
  await signals.close();
  await stage.close();
});

const approval = (more: Partial<TestStep> = {}): TestStep => {
  return { key: 'ask', type: 'approval', with: { message: 'Publish it?' }, ...more };
};

async function decide(
  jobId: string,
  approve: boolean,
  more: { comment?: string; form?: object; stepKey?: string } = {},
) {
  const { comment = null, form, stepKey = 'ask' } = more;
  const decision = { stepKey, approve, comment, form: form ? { ...form } : null, decidedBy: null };
  await decideApproval(stage.db, DEFAULT_TENANT_ID, jobId, decision);
  signals.send('control', jobId);
}

const failureOf = (decision: Promise<void>) =>
  decision.then(
    () => undefined,
    (error: unknown) => error,
  );

const isNow = (jobId: string, status: string) =>
  until(
    `the job is ${status}`,
    () => stage.job(jobId),
    (job) => job.status === status,
  );

const executions = async (jobId: string) =>
  (await stage.db.prisma.execution.findMany({ where: { jobId }, orderBy: { epoch: 'asc' } })).map(
    ({ outcome }) => outcome,
  );

describe('a job whose only step waits for an approval', () => {
  test('is WAITING, held by nobody, and goes on in the same attempt once it is approved', async () => {
    const id = await stage.queue([
      approval(),
      { key: 'then', type: 'test.echo', with: { greeting: '${{ steps.ask.output.comment }}' } },
    ]);
    const waiting = await isNow(id, 'WAITING');
    expect(waiting).toMatchObject({ currentStepKey: 'ask', completedSteps: 0 });
    expect(waiting.step('ask')).toMatchObject({ status: 'WAITING', attempts: [{ number: 1, status: 'WAITING' }] });
    expect(waiting.step('then').status).toBe('PENDING');
    expect(await executions(id)).toEqual(['waiting']);
    // The only slot is free.
    expect(await stage.settled(await stage.queue([{ key: 'a', type: 'test.echo' }]))).toMatchObject({
      status: 'COMPLETED',
    });

    await decide(id, true, { comment: 'go' });
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'COMPLETED', output: { greeting: 'go' }, completedSteps: 2 });
    expect(job.step('ask').output).toEqual({
      approved: true,
      comment: 'go',
      form: null,
      decidedAt: expect.stringMatching(/^\d{4}-.*T/),
    });
    expect(job.step('ask').attempts).toMatchObject([{ number: 1, status: 'COMPLETED', epoch: 2 }]);
    expect(await executions(id)).toEqual(['waiting', 'completed']);
    expect(await stage.logged(id, /^Waiting for an approval: Publish it\?$/)).toMatchObject({
      stream: 'SYSTEM',
      stepKey: 'ask',
    });
    expect(await stage.logged(id, /^Approved: go$/)).toMatchObject({
      stream: 'SYSTEM',
      stepKey: 'ask',
      level: 'SUCCESS',
    });
    const lines = await stage.lines(id);
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_line, index) => index + 1));
  });

  test('fails with what was said when it is rejected, and asks again when it is retried', async () => {
    const id = await stage.queue([approval({ retry: { attempts: 3, delayMs: 0, factor: 1, maxDelayMs: 0 } })]);
    await isNow(id, 'WAITING');
    await decide(id, false, { comment: 'the tests are red' });
    expect(await stage.settled(id)).toMatchObject({
      status: 'FAILED',
      category: 'USER_INPUT',
      error: 'Rejected: the tests are red',
    });
    await retryJob(stage.db, DEFAULT_TENANT_ID, id);
    await isNow(id, 'WAITING');
    await decide(id, true);
    expect((await stage.settled(id)).step('ask').attempts).toMatchObject([
      { status: 'FAILED' },
      { status: 'COMPLETED' },
    ]);
  });

  test('goes on all the same when the step may fail', async () => {
    const id = await stage.queue([
      approval({ continueOnError: true }),
      { key: 'then', type: 'test.echo', with: { greeting: '${{ steps.ask.error.message }}' } },
    ]);
    await isNow(id, 'WAITING');
    await decide(id, false);
    expect(await stage.settled(id)).toMatchObject({
      status: 'COMPLETED',
      output: { greeting: 'Rejected, without a comment.' },
    });
  });

  test('times out by the timeout of the step, which counts the wait, and nobody can decide any more', async () => {
    const id = await stage.queue([approval({ timeoutMs: 300 })]);
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'FAILED', category: 'TIMEOUT' });
    expect(job.step('ask').attempts).toMatchObject([{ number: 1, status: 'FAILED', category: 'TIMEOUT' }]);
    expect(await failureOf(decide(id, true))).toBeInstanceOf(ConflictError);
  });

  test('is cancelled at once, with its attempt', async () => {
    const id = await stage.queue([approval()]);
    await isNow(id, 'WAITING');
    await requestCancel(stage.db, DEFAULT_TENANT_ID, id, false);
    const job = await stage.job(id);
    expect(job.status).toBe('CANCELLED');
    expect(job.step('ask')).toMatchObject({
      status: 'CANCELLED',
      attempts: [{ status: 'CANCELLED', category: 'CANCELLED' }],
    });
    expect(await failureOf(decide(id, true))).toMatchObject({
      name: 'ConflictError',
      allowed: expect.arrayContaining(['RETRY']),
    });
  });

  test('is decided while its job is paused, and goes on with the decision once that is resumed', async () => {
    const file = path.join(stage.folder, randomUUID());
    const id = await stage.queue([
      approval({ needs: [] }),
      { key: 'gate', type: 'test.gate', needs: [], with: { file } },
    ]);
    await until(
      'it waits',
      () => stage.job(id),
      (job) => job.step('ask').status === 'WAITING',
    );
    await requestPause(stage.db, DEFAULT_TENANT_ID, id);
    signals.send('control', id);
    await isNow(id, 'PAUSED');
    await decide(id, true);
    await writeFile(file, '');
    expect((await stage.job(id)).step('ask').status).toBe('WAITING');
    await resumeJob(stage.db, DEFAULT_TENANT_ID, id);
    expect((await stage.settled(id)).step('ask').attempts).toMatchObject([{ number: 1, status: 'COMPLETED' }]);
  });
});

describe('a form', () => {
  const form = {
    type: 'object',
    required: ['version'],
    properties: {
      version: { type: 'string', pattern: '^\\d+\\.\\d+$' },
      channel: { type: 'string', default: 'stable' },
    },
  };

  test('is checked against its schema, takes its defaults, and becomes part of the output', async () => {
    const id = await stage.queue([approval({ with: { message: 'Which one?', form } })]);
    await isNow(id, 'WAITING');
    const refused = await failureOf(decide(id, true, { form: { version: 'new' } }));
    expect(refused).toBeInstanceOf(InvalidInputError);
    expect(refused).toMatchObject({ issues: [{ path: '/version' }] });
    expect(await failureOf(decide(id, true))).toBeInstanceOf(InvalidInputError);
    expect((await stage.job(id)).status).toBe('WAITING');
    await decide(id, true, { form: { version: '1.2' } });
    expect((await stage.settled(id)).output).toMatchObject({ form: { version: '1.2', channel: 'stable' } });
  });

  test('need not be filled in by whoever rejects, and may not be sent where none is asked for', async () => {
    const asked = await stage.queue([approval({ with: { message: 'Which one?', form } })]);
    await isNow(asked, 'WAITING');
    await decide(asked, false, { comment: 'none' });
    expect(await stage.settled(asked)).toMatchObject({ error: 'Rejected: none' });
    const bare = await stage.queue([approval()]);
    await isNow(bare, 'WAITING');
    expect(await failureOf(decide(bare, true, { form: { version: '1.2' } }))).toBeInstanceOf(InvalidInputError);
    await requestCancel(stage.db, DEFAULT_TENANT_ID, bare, false);
  });

  test('that is no schema fails its step', async () => {
    const id = await stage.queue([
      approval({ with: { message: 'x', form: { properties: { a: { type: 'nothing' } } } } }),
    ]);
    expect(await stage.settled(id)).toMatchObject({
      status: 'FAILED',
      error: expect.stringContaining('no JSON Schema'),
    });
  });
});

test('of two who decide at the same time one wins, and the other hears of it', async () => {
  const id = await stage.queue([approval()]);
  await isNow(id, 'WAITING');
  const failures = await Promise.all(
    [true, false, true, false].map((approve, index) => failureOf(decide(id, approve, { comment: `number ${index}` }))),
  );
  const losers = failures.filter((failure) => failure !== undefined);
  expect(losers).toHaveLength(3);
  for (const loser of losers)
    expect(loser).toMatchObject({ name: 'ConflictError', message: expect.stringContaining('decided already') });
  await stage.settled(id);
  const told = (await stage.lines(id)).filter(({ message }) => /^(Approved|Rejected): /.test(message));
  expect(told).toHaveLength(1);
});

test('a decision for what does not wait is refused with the reason', async () => {
  const id = await stage.queue([approval({ key: 'release' })]);
  await isNow(id, 'WAITING');
  expect(await failureOf(decide(id, true, { stepKey: 'relaese' }))).toMatchObject({
    name: 'NotFoundError',
    message: expect.stringContaining('Did you mean "release"?'),
  });
  expect(await failureOf(decide(randomUUID(), true))).toBeInstanceOf(NotFoundError);
  await requestCancel(stage.db, DEFAULT_TENANT_ID, id, false);
  const other = await stage.queue([{ key: 'ask', type: 'test.echo' }]);
  await stage.settled(other);
  expect(await failureOf(decide(other, true))).toBeInstanceOf(ConflictError);
});

test('while another step runs the worker keeps the job, and a decision reaches it there', async () => {
  const file = path.join(stage.folder, randomUUID());
  const id = await stage.queue([
    approval({ needs: [] }),
    { key: 'gate', type: 'test.gate', needs: [], with: { file } },
    { key: 'then', type: 'test.echo', needs: ['ask'] },
  ]);
  await until(
    'it waits',
    () => stage.job(id),
    (job) => job.step('ask').status === 'WAITING',
  );
  expect((await stage.job(id)).status).toBe('RUNNING');
  await decide(id, true);
  await until(
    'the next step is done',
    () => stage.job(id),
    (job) => job.step('then').status === 'COMPLETED',
  );
  expect((await stage.job(id)).step('gate').status).toBe('RUNNING');
  await writeFile(file, '');
  expect((await stage.settled(id)).status).toBe('COMPLETED');
  expect(await executions(id)).toEqual(['completed']);
});

test('the items of a forEach step ask one by one, and the step waits with them', async () => {
  const id = await stage.queue([approval({ forEach: ['a', 'b'], with: { message: 'Publish ${{ item }}?' } })]);
  const waiting = await isNow(id, 'WAITING');
  expect(waiting.steps.map(({ key, status }) => [key, status])).toEqual([
    ['ask', 'WAITING'],
    ['ask[0]', 'WAITING'],
    ['ask[1]', 'WAITING'],
  ]);
  await decide(id, true, { stepKey: 'ask[1]', comment: 'second' });
  await until(
    'the first is decided',
    () => stage.job(id),
    (job) => job.status === 'WAITING' && job.step('ask[1]').status === 'COMPLETED',
  );
  await decide(id, true, { stepKey: 'ask[0]', comment: 'first' });
  expect((await stage.settled(id)).output).toMatchObject([{ comment: 'first' }, { comment: 'second' }]);
});
