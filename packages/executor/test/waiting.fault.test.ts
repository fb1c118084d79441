import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { decideApproval } from '@signalbox/db/approvals';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExecutorProcess } from './executor-process.ts';
import { openProcessStage, type ProcessStage } from './process-stage.ts';
import { type TestStep, until } from './stage.ts';

let stage: ProcessStage;
let executor: ExecutorProcess;
beforeAll(async () => {
  stage = await openProcessStage();
  executor = await stage.start('first', LEASE);
});
afterAll(() => stage.close());

/** Long enough for a machine that is busy with other tests, short enough to wait for its end. */
const LEASE = { SIGNALBOX_LEASE_SECONDS: '8' };

const isNow = (jobId: string, status: string) =>
  until(
    `the job is ${status}`,
    () => stage.job(jobId),
    (job) => job.status === status,
  );

const approve = (jobId: string, stepKey: string) =>
  decideApproval(stage.db, DEFAULT_TENANT_ID, jobId, {
    stepKey,
    approve: true,
    comment: 'yes',
    form: null,
    decidedBy: null,
  });

const outcomes = async (jobId: string) =>
  (await stage.db.prisma.execution.findMany({ where: { jobId }, orderBy: { epoch: 'asc' } })).map(
    ({ outcome }) => outcome,
  );

const wakeTasks = async (jobId: string) => {
  const { rows } = await stage.db.pool.query<{ runAt: Date }>(
    `SELECT run_at AS "runAt" FROM graphile_worker.jobs WHERE key = 'wake:' || $1`,
    [jobId],
  );
  return rows;
};

const waits = (config: object): TestStep => ({ key: 'waits', type: 'test.waits', with: { ...config } });

describe('a wait for a time', () => {
  test('puts the job down and is over by itself', async () => {
    const id = await stage.queue([{ key: 'wait', type: 'wait', with: { for: '3s' } }]);
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'COMPLETED', output: { endedAt: expect.any(String) } });
    expect(job.step('wait').attempts).toMatchObject([{ number: 1, status: 'COMPLETED', epoch: 2 }]);
    expect(await outcomes(id)).toEqual(['waiting', 'completed']);
    expect(await wakeTasks(id)).toEqual([]);
  });

  test('until a moment that has passed is no wait', async () => {
    const id = await stage.queue([{ key: 'wait', type: 'wait', with: { until: '2020-01-01T00:00:00Z' } }]);
    expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED', epoch: 1 });
  });

  test('ends while the worker holds the job for another step', async () => {
    const file = path.join(stage.folder, randomUUID());
    const id = await stage.queue([
      { key: 'wait', type: 'wait', needs: [], with: { for: '300ms' } },
      { key: 'gate', type: 'test.gate', needs: [], with: { file } },
      { key: 'then', type: 'test.echo', needs: ['wait'] },
    ]);
    await until(
      'the step behind it ran',
      () => stage.job(id),
      (job) => job.step('then').status === 'COMPLETED',
    );
    await writeFile(file, '');
    expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED', epoch: 1 });
  });
});

describe("a plugin's step that waits", () => {
  test('for a time and then for an approval does both in one attempt, and its costs add up', async () => {
    const id = await stage.queue([waits({ ms: 100, message: 'Now?' })]);
    await until('it asks', () => stage.logged(id, /Waiting for an approval/), Boolean);
    await isNow(id, 'WAITING');
    await approve(id, 'waits');
    const job = await stage.settled(id);
    expect(job.output).toMatchObject({ attempt: 1, resume: { approved: true, comment: 'yes' } });
    expect(job.step('waits').attempts).toHaveLength(1);
    const keys = (await stage.lines(id))
      .filter(({ message }) => message.startsWith('called in'))
      .map(({ message }) => message.split(' ')[3]);
    expect(keys).toEqual([`${id}:waits:1`, `${id}:waits:1`, `${id}:waits:1`]);
    expect(await stage.db.prisma.jobStep.findFirst({ where: { jobId: id } })).toMatchObject({ inputTokens: 3n });
  });

  test('for an approval until a moment goes on without one when that has come', async () => {
    const id = await stage.queue([waits({ message: 'Now?', untilMs: 200 })]);
    expect(await stage.settled(id)).toMatchObject({ output: { resume: {} }, status: 'COMPLETED' });
  });

  test('and was approved is not asked for again when its worker stops politely', async () => {
    const other = await stage.startExecutor({ SIGNALBOX_QUEUES: 'polite' });
    const file = path.join(stage.folder, randomUUID());
    const id = await stage.queue([waits({ message: 'Now?', then: file })], { workflow: { queue: 'polite' } });
    await isNow(id, 'WAITING');
    await approve(id, 'waits');
    await stage.logged(id, /called in .*approved/);
    void other.stop();
    await other.stop();
    expect((await stage.job(id)).step('waits')).toMatchObject({ status: 'WAITING', attempts: [{ status: 'WAITING' }] });
    await stage.startExecutor({ SIGNALBOX_QUEUES: 'polite' });
    await writeFile(file, '');
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'COMPLETED', output: { attempt: 1, resume: { approved: true } } });
    expect(job.step('waits').attempts).toMatchObject([{ number: 1, status: 'COMPLETED' }]);
  });

  test('and was approved is not asked for again when its worker is killed', async () => {
    const victim = await stage.start('victim', { ...LEASE, SIGNALBOX_QUEUES: 'rough' });
    const file = path.join(stage.folder, randomUUID());
    const id = await stage.queue([waits({ message: 'Now?', then: file })], { workflow: { queue: 'rough' } });
    await isNow(id, 'WAITING');
    await approve(id, 'waits');
    await stage.logged(id, /called in .*approved/);
    victim.signal('SIGKILL');
    await victim.exited;
    await writeFile(file, '');
    await stage.startExecutor({ SIGNALBOX_QUEUES: 'rough' });
    expect(await stage.settled(id)).toMatchObject({
      status: 'COMPLETED',
      output: { attempt: 1, resume: { approved: true } },
    });
  });
});

describe('a retry', () => {
  const retry = (delayMs: number) => ({ attempts: 3, delayMs, factor: 1, maxDelayMs: delayMs });
  const fails: TestStep = { key: 'fails', type: 'test.fail', with: { category: 'NETWORK', until: 2 } };

  test('that is far away puts the job down, and is the next attempt of the same budget', async () => {
    const id = await stage.queue([{ ...fails, retry: retry(60_000) }]);
    const waiting = await isNow(id, 'WAITING');
    expect(waiting.step('fails')).toMatchObject({ status: 'WAITING', attempts: [{ number: 1, status: 'FAILED' }] });
    expect(await stage.settled(await stage.queue([{ key: 'a', type: 'test.echo' }]))).toMatchObject({
      status: 'COMPLETED',
    });
    const [task] = await wakeTasks(id);
    expect(task?.runAt.getTime()).toBeGreaterThan(Date.now() + 30_000);
    // Instead of waiting for a minute.
    await stage.db.pool.query(`UPDATE step_wait SET wake_at = now(), until = now() WHERE job_id = $1`, [id]);
    const job = await stage.settled(id);
    expect(job.step('fails').attempts).toMatchObject([
      { number: 1, status: 'FAILED' },
      { number: 2, status: 'COMPLETED' },
    ]);
    expect(await outcomes(id)).toEqual(['waiting', 'completed']);
  });

  test('that is near is waited for in place', async () => {
    const id = await stage.queue([{ ...fails, retry: retry(200) }]);
    expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED', epoch: 1 });
  });
});

test('waits survive the end of every worker, whether by kill -9 or not', async () => {
  const file = path.join(stage.folder, randomUUID());
  const timed = await stage.queue([{ key: 'wait', type: 'wait', with: { for: '3s' } }]);
  await isNow(timed, 'WAITING');
  const asked = await stage.queue([{ key: 'ask', type: 'approval', with: { message: 'Go on?' } }]);
  const held = await stage.queue([
    { key: 'ask', type: 'approval', needs: [], with: { message: 'Go on?' } },
    { key: 'gate', type: 'test.gate', needs: [], with: { file } },
  ]);
  await isNow(asked, 'WAITING');
  await until(
    'it waits',
    () => stage.job(held),
    (job) => job.step('ask').status === 'WAITING',
  );
  executor.signal('SIGKILL');
  await executor.exited;
  await approve(asked, 'ask');
  await approve(held, 'ask');
  expect((await stage.job(asked)).status).toBe('QUEUED');
  await writeFile(file, '');
  await stage.startExecutor();
  for (const id of [timed, asked, held]) expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED' });
  expect((await stage.job(held)).step('ask').attempts).toMatchObject([{ number: 1, status: 'COMPLETED' }]);
});
