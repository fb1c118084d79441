import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { requestCancel } from '@signalbox/db/cancel';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { resumeJob, retryJob } from '@signalbox/db/requeue';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage, until } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.startExecutor();
});
afterAll(() => stage.close());

test('a retried job runs on from its first unfinished step, with all tries anew and attempts numbered on', async () => {
  const id = await stage.queue([
    { key: 'first', type: 'test.echo' },
    {
      key: 'flaky',
      type: 'test.fail',
      with: { until: 4 },
      retry: { attempts: 2, delayMs: 0, factor: 1, maxDelayMs: 0 },
    },
    { key: 'last', type: 'test.echo' },
  ]);
  expect(await stage.settled(id)).toMatchObject({ status: 'FAILED', errorStepKey: 'flaky' });
  await retryJob(stage.db, DEFAULT_TENANT_ID, id);
  const job = await stage.settled(id);
  expect(job).toMatchObject({ status: 'COMPLETED', completedSteps: 3, error: null, errorStepKey: null });
  expect(job.step('first').attempts).toHaveLength(1);
  expect(job.step('flaky').attempts.map(({ number, status }) => `${number} ${status}`)).toEqual([
    '1 FAILED',
    '2 FAILED',
    '3 FAILED',
    '4 COMPLETED',
  ]);
  expect(job.step('last').status).toBe('COMPLETED');
});

test('a resumed job runs its failed step and what was skipped after it, and nothing that was done', async () => {
  const file = path.join(stage.folder, 'there');
  const id = await stage.queue([
    { key: 'tolerated', type: 'test.fail', needs: [], continueOnError: true },
    { key: 'needed', type: 'command', needs: [], with: { run: `test -e ${file}` } },
    { key: 'after', type: 'test.echo', needs: ['needed'] },
  ]);
  expect((await stage.settled(id)).steps.map(({ status }) => status)).toEqual(['FAILED', 'FAILED', 'SKIPPED']);
  await writeFile(file, '');
  await resumeJob(stage.db, DEFAULT_TENANT_ID, id);
  const job = await stage.settled(id);
  expect(job.status).toBe('COMPLETED');
  expect(job.steps.map(({ status }) => status)).toEqual(['FAILED', 'COMPLETED', 'COMPLETED']);
  expect(job.steps.map(({ attempts }) => attempts.length)).toEqual([1, 2, 1]);
});

test('a job that goes on finds the files that its earlier steps left in its working folder, and takes them with it when it is done', async () => {
  const allowed = path.join(stage.folder, 'allowed');
  const command = (key: string, run: string) => ({ key, type: 'command', with: { run } });
  const id = await stage.queue([
    command('a', 'echo made by a > note; pwd'),
    command('b', `test -e ${allowed}`),
    command('c', 'cat note'),
  ]);
  const failed = await stage.settled(id);
  expect(failed).toMatchObject({ status: 'FAILED', errorStepKey: 'b' });
  const { stdout: folder } = failed.step('a').output as { stdout: string };
  await writeFile(allowed, '');
  await resumeJob(stage.db, DEFAULT_TENANT_ID, id);
  const job = await stage.settled(id);
  expect(job.step('c').output).toMatchObject({ stdout: 'made by a' });
  await until(
    'the folder is gone',
    () => readdir(path.dirname(folder)),
    (names) => !names.includes(path.basename(folder)),
  );
});

test('a job that was cancelled while it ran goes on after a retry', async () => {
  const file = path.join(stage.folder, 'go');
  const id = await stage.queue([
    { key: 'before', type: 'test.echo' },
    { key: 'gate', type: 'test.gate', with: { file } },
  ]);
  await stage.logged(id, /waiting in attempt 1/);
  await requestCancel(stage.db, DEFAULT_TENANT_ID, id, false);
  expect(await stage.settled(id)).toMatchObject({ status: 'CANCELLED' });
  await writeFile(file, '');
  await retryJob(stage.db, DEFAULT_TENANT_ID, id);
  const job = await stage.settled(id);
  expect(job).toMatchObject({ status: 'COMPLETED', epoch: 2 });
  expect(job.step('gate').attempts.map(({ status }) => status)).toEqual(['CANCELLED', 'COMPLETED']);
  expect(job.step('before').attempts).toHaveLength(1);
});
