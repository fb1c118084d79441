import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { requestCancel } from '@signalbox/db/cancel';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { requestPause } from '@signalbox/db/pause';
import { resumeJob } from '@signalbox/db/requeue';
import { SignalSender } from '@signalbox/db/signals';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openProcessStage, type ProcessStage } from './process-stage.ts';
import { type TestStep, until } from './stage.ts';

let stage: ProcessStage;
let signals: SignalSender;
beforeAll(async () => {
  stage = await openProcessStage();
  signals = new SignalSender(stage.url);
  await stage.start('first');
});
afterAll(async () => {
  await signals.close();
  await stage.close();
});

async function pause(jobId: string): Promise<void> {
  await requestPause(stage.db, DEFAULT_TENANT_ID, jobId);
  signals.send('control', jobId);
}

async function resume(jobId: string): Promise<void> {
  await resumeJob(stage.db, DEFAULT_TENANT_ID, jobId);
  signals.send('control', jobId);
}

const newFile = () => path.join(stage.folder, `gate-${randomUUID()}`);
const command = (file: string): TestStep => {
  return {
    key: 'command',
    type: 'command',
    with: { run: `echo started; while ! test -e ${file}; do sleep 0.02; done` },
  };
};
const paused = (jobId: string) =>
  until(
    `job ${jobId} is paused`,
    () => stage.job(jobId),
    ({ status }) => status === 'PAUSED',
  );
const says = async (jobId: string) =>
  (await stage.lines(jobId)).filter(({ stream }) => stream === 'SYSTEM').map(({ message }) => message);

const REQUESTED = 'Pause requested: no further step starts; a running step may end, or stop at its next checkpoint';

/** Beside a step that looks at checkpoints, which shows by stopping that the worker has heard of the pause. */
const beside = (file: string): TestStep[] => [
  { ...command(file), needs: [] },
  { key: 'gate', type: 'test.gate', needs: [], with: { file } },
  { key: 'after', type: 'test.echo', needs: ['gate', 'command'] },
];
const heard = (jobId: string) =>
  until(
    'the step at its checkpoint has stopped',
    () => stage.job(jobId),
    (job) => job.step('gate').status === 'PENDING' && job.step('gate').attempts.length === 1,
  );

test('a running command ends by itself; then the job is paused, let go by its worker, and resumes where it stood', async () => {
  const file = newFile();
  const id = await stage.queue(beside(file));
  await stage.logged(id, /^started$/);
  await stage.logged(id, /waiting in attempt 1/);
  await pause(id);
  expect(await heard(id)).toMatchObject({ status: 'RUNNING' });
  await writeFile(file, '');
  const job = await paused(id);
  expect(job.steps.map(({ status }) => status)).toEqual(['COMPLETED', 'PENDING', 'PENDING']);
  expect(job).toMatchObject({ currentStepKey: null, completedSteps: 1 });
  expect(await stage.db.prisma.execution.findMany({ where: { jobId: id } })).toMatchObject([
    { outcome: 'paused', completedAt: expect.any(Date) },
  ]);
  expect(await stage.db.prisma.job.findUniqueOrThrow({ where: { id } })).toMatchObject({ pauseRequestedAt: null });
  expect(await stage.db.prisma.logCounter.findUniqueOrThrow({ where: { jobId: id } })).toMatchObject({ epoch: 0 });
  expect(await says(id)).toEqual([REQUESTED, 'Job paused: nothing of it runs until it is resumed']);
  await resume(id);
  const done = await stage.settled(id);
  expect(done).toMatchObject({ status: 'COMPLETED', epoch: 2 });
  expect(done.steps.map(({ attempts }) => attempts.length)).toEqual([1, 2, 1]);
});

test('a step that looks at checkpoints stops there, is charged nothing, and starts again after the resume', async () => {
  const file = newFile();
  const id = await stage.queue([{ key: 'gate', type: 'test.gate', with: { file } }]);
  await stage.logged(id, /waiting in attempt 1/);
  await pause(id);
  const job = await paused(id);
  expect(job.step('gate')).toMatchObject({
    status: 'PENDING',
    error: null,
    attempts: [{ number: 1, status: 'CANCELLED', category: 'CANCELLED' }],
  });
  await writeFile(file, '');
  await resume(id);
  const done = await stage.settled(id);
  expect(done.step('gate').attempts.map(({ status }) => status)).toEqual(['CANCELLED', 'COMPLETED']);
});

test('a pause that is taken back before it takes effect lets the job go on with the same worker', async () => {
  const file = newFile();
  const id = await stage.queue(beside(file));
  await stage.logged(id, /^started$/);
  await stage.logged(id, /waiting in attempt 1/);
  await pause(id);
  expect(await heard(id)).toMatchObject({ status: 'RUNNING' });
  await resume(id);
  await stage.logged(id, /waiting in attempt 2/);
  await writeFile(file, '');
  expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED', epoch: 1 });
  expect(await says(id)).toEqual([REQUESTED, 'Pause withdrawn: the job goes on']);
});

test('a job that waits only for its next try is paused at once', async () => {
  const id = await stage.queue([
    {
      key: 'flaky',
      type: 'test.fail',
      with: { until: 2 },
      retry: { attempts: 2, delayMs: 4_500, factor: 1, maxDelayMs: 4_500 },
    },
  ]);
  await stage.logged(id, /next try in 4.5 s/);
  await pause(id);
  expect((await paused(id)).step('flaky').status).toBe('PENDING');
  await resume(id);
  expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED' });
});

test('a cancel beats a pending pause, and a paused job is cancelled at once', async () => {
  const file = newFile();
  const id = await stage.queue([command(file)]);
  await stage.logged(id, /^started$/);
  await pause(id);
  await requestCancel(stage.db, DEFAULT_TENANT_ID, id, true);
  signals.send('control', id);
  expect(await stage.settled(id)).toMatchObject({ status: 'CANCELLED' });

  const other = await stage.queue([{ key: 'gate', type: 'test.gate', with: { file: newFile() } }]);
  await stage.logged(other, /waiting in attempt 1/);
  await pause(other);
  await paused(other);
  await requestCancel(stage.db, DEFAULT_TENANT_ID, other, false);
  expect(await stage.job(other)).toMatchObject({ status: 'CANCELLED', steps: [{ status: 'CANCELLED' }] });
});

test('the mark outlives a worker that is killed: who takes the job over pauses it', async () => {
  const id = await stage.queue(
    [
      {
        key: 'command',
        type: 'command',
        with: { run: 'echo started; sleep 100' },
        retry: { attempts: 3, delayMs: 0, factor: 1, maxDelayMs: 0 },
      },
    ],
    {
      queue: 'doomed',
    },
  );
  const doomed = await stage.start('doomed', { SIGNALBOX_QUEUES: 'doomed' });
  await stage.db.pool.query(`UPDATE job SET status = 'QUEUED', queued_at = now() - interval '1 minute' WHERE id = $1`, [
    id,
  ]);
  await stage.logged(id, /^started$/);
  await pause(id);
  doomed.signal('SIGKILL');
  await doomed.exited;
  await stage.expire(id);
  await until(
    'the job is queued again',
    () => stage.job(id),
    ({ status }) => status === 'QUEUED',
  );
  await stage.start('heir', { SIGNALBOX_QUEUES: 'doomed' });
  const job = await paused(id);
  expect(job.step('command').attempts).toMatchObject([{ status: 'FAILED', category: 'WORKER_LOST' }]);
});

test('a worker that is stopped while a pause is pending leaves the job paused, with its step to start again', async () => {
  const id = await stage.queue(beside(newFile()), { queue: 'leaving' });
  const leaving = await stage.start('leaving', { SIGNALBOX_QUEUES: 'leaving' });
  await stage.db.pool.query(`UPDATE job SET status = 'QUEUED', queued_at = now() - interval '1 minute' WHERE id = $1`, [
    id,
  ]);
  await stage.logged(id, /^started$/);
  await stage.logged(id, /waiting in attempt 1/);
  await pause(id);
  await heard(id);
  // What comes within a second counts as the same request, so it is asked until it hurries.
  const again = setInterval(() => leaving.signal('SIGTERM'), 100);
  await until(
    'it hurries',
    () => leaving.said(),
    (said) => said.includes('stopping at once'),
  ).finally(() => clearInterval(again));
  await leaving.exited;
  const job = await stage.job(id);
  expect(job.status).toBe('PAUSED');
  expect(job.step('command')).toMatchObject({ status: 'PENDING', attempts: [{ number: 1, status: 'CANCELLED' }] });
});
