import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { requestCancel } from '@signalbox/db/cancel';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { SignalSender } from '@signalbox/db/signals';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAlive } from './processes.ts';
import { openStage, type Stage, until } from './stage.ts';

let stage: Stage;
let signals: SignalSender;
beforeAll(async () => {
  stage = await openStage();
  signals = new SignalSender(stage.url);
  // Long enough for what a program says at its end to be heard.
  await stage.startExecutor({ SIGNALBOX_CANCEL_GRACE_SECONDS: '3' });
});
afterAll(async () => {
  await signals.close();
  await stage.close();
});

async function cancel(jobId: string, force = false): Promise<void> {
  await requestCancel(stage.db, DEFAULT_TENANT_ID, jobId, force);
  signals.send('control', jobId);
}

/** A job whose command has said the ids of its processes, one a line. */
async function jobWithProcesses(
  run: string,
  count: number,
  more: object = {},
): Promise<{ id: string; pids: number[] }> {
  const id = await stage.queue([
    { key: 'run', type: 'command', with: { run }, ...more },
    { key: 'after', type: 'test.echo' },
  ]);
  const pids = await until(
    'the processes have said who they are',
    async () =>
      (await stage.lines(id)).flatMap(({ message }) => (/^pid \d+$/.test(message) ? [Number(message.slice(4))] : [])),
    (said) => said.length === count,
  );
  return { id, pids };
}

describe('a cancel', () => {
  test('ends the program with its children and grandchildren, also those in a session of their own, and settles the job', async () => {
    const run = `echo pid $$
      sh -c 'echo pid $$; sh -c "echo pid \\$\\$; sleep 100; true"; true' &
      setsid sh -c 'echo pid $$; sleep 100; true' &
      sleep 100`;
    const { id, pids } = await jobWithProcesses(run, 4);
    expect(pids.every(isAlive)).toBe(true);
    await cancel(id);
    const job = await stage.settled(id);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(job).toMatchObject({ status: 'CANCELLED', error: null, currentStepKey: null });
    expect(job.step('run')).toMatchObject({
      status: 'CANCELLED',
      category: 'CANCELLED',
      attempts: [{ status: 'CANCELLED' }],
    });
    expect(job.step('after').status).toBe('CANCELLED');
    const lines = (await stage.lines(id)).filter(({ stream }) => stream === 'SYSTEM').map(({ message }) => message);
    expect(lines).toEqual([
      'Cancel requested: the running steps are asked to stop',
      'Job cancelled: nothing of it runs any more',
    ]);
  });

  test('lets a program end cleanly within the grace, and keeps its last words', async () => {
    const run = `trap 'echo cleaned up; exit 0' TERM; echo pid $$; while :; do sleep 0.01; done`;
    const { id } = await jobWithProcesses(run, 1);
    await cancel(id);
    expect(await stage.settled(id)).toMatchObject({ status: 'CANCELLED' });
    expect((await stage.lines(id)).map(({ message }) => message)).toContain('cleaned up');
  });

  test('kills what ignores it after the grace', async () => {
    const { id, pids } = await jobWithProcesses(`trap '' TERM; echo pid $$; while :; do sleep 0.01; done`, 1);
    await cancel(id);
    expect(await stage.settled(id)).toMatchObject({ status: 'CANCELLED' });
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test('by force leaves nothing of what ignores TERM', async () => {
    const { id, pids } = await jobWithProcesses(`trap '' TERM; echo pid $$; while :; do sleep 0.01; done`, 1);
    await cancel(id, true);
    const job = await stage.settled(id);
    expect(job.status).toBe('CANCELLED');
    expect(pids.filter(isAlive)).toEqual([]);
  });

  test('by force overtakes a gentle one that is still waiting', async () => {
    const slow = await openStage();
    try {
      await slow.startExecutor({ SIGNALBOX_CANCEL_GRACE_SECONDS: '600' });
      const id = await slow.queue([
        { key: 'run', type: 'command', with: { run: `trap '' TERM; echo up; while :; do sleep 0.01; done` } },
      ]);
      await slow.logged(id, /^up$/);
      const sender = new SignalSender(slow.url);
      for (const force of [false, true]) {
        await requestCancel(slow.db, DEFAULT_TENANT_ID, id, force);
        sender.send('control', id);
      }
      expect(await slow.settled(id)).toMatchObject({ status: 'CANCELLED' });
      await sender.close();
    } finally {
      await slow.close();
    }
  });

  test('whose signal got lost is told by the next heartbeat', async () => {
    const quick = await openStage();
    try {
      await quick.startExecutor({ SIGNALBOX_LEASE_SECONDS: '6' });
      const id = await quick.queue([{ key: 'run', type: 'command', with: { run: 'echo up; sleep 100' } }]);
      await quick.logged(id, /^up$/);
      await requestCancel(quick.db, DEFAULT_TENANT_ID, id, false);
      expect(await quick.settled(id)).toMatchObject({ status: 'CANCELLED' });
    } finally {
      await quick.close();
    }
  });

  test('gives up a step type that does not heed it', async () => {
    const file = path.join(stage.folder, 'never');
    const id = await stage.queue([{ key: 'a', type: 'test.gate', with: { file, ignoreStop: true } }]);
    await stage.logged(id, /^waiting/);
    await cancel(id, true);
    expect(await stage.settled(id)).toMatchObject({ status: 'CANCELLED' });
  });

  test('of a step that waits for its next try ends the wait', async () => {
    const retry = { attempts: 2, delayMs: 600_000, factor: 1, maxDelayMs: 600_000 };
    const id = await stage.queue([{ key: 'a', type: 'test.fail', with: { category: 'NETWORK' }, retry }]);
    await stage.logged(id, /next try/);
    await cancel(id);
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'CANCELLED' });
    expect(job.step('a')).toMatchObject({ status: 'CANCELLED', attempts: [{ status: 'FAILED' }] });
  });
});

describe('a timeout', () => {
  test('ends the whole process group and fails the step as TIMEOUT', async () => {
    const { id, pids } = await jobWithProcesses(`echo pid $$; sh -c 'echo pid $$; sleep 100; true' & sleep 100`, 2, {
      timeoutMs: 5_000,
    });
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'FAILED', category: 'TIMEOUT', errorStepKey: 'run' });
    expect(job.error).toBe('The step took longer than its timeout of 5 s and was ended.');
    expect(pids.filter(isAlive)).toEqual([]);
  });
});

describe('a program that ends', () => {
  test('takes what it left in the background with it, and is not held up by the pipe', async () => {
    const file = path.join(stage.folder, 'background.pid');
    const id = await stage.queue([
      { key: 'a', type: 'command', with: { run: `sleep 100 & echo $! > ${file}; setsid sleep 100 & echo done` } },
    ]);
    expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED', output: { stdout: 'done' } });
    expect(isAlive(Number(await readFile(file, 'utf8')))).toBe(false);
  });

  test('by a signal of somebody else fails the step and says so', async () => {
    const job = await stage.settled(await stage.queue([{ key: 'a', type: 'command', with: { run: 'kill -9 $$' } }]));
    expect(job).toMatchObject({ status: 'FAILED', category: 'PROCESS' });
    expect(job.error).toContain('SIGKILL');
  });
});
