import { readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { requestCancel } from '@signalbox/db/cancel';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ExecutorProcess, startProcess } from './executor-process.ts';
import { isAlive } from './processes.ts';
import { openStage, type Stage, until } from './stage.ts';

let stage: Stage;
let started: ExecutorProcess[];
beforeEach(async () => {
  stage = await openStage();
  started = [];
});
afterEach(async () => {
  for (const executor of started) if (isAlive(executor.pid)) executor.signal('SIGKILL');
  await Promise.all(started.map(({ exited }) => exited));
  await stage.close();
});

async function start(name: string, more: Record<string, string> = {}): Promise<ExecutorProcess> {
  const executor = await startProcess(
    stage.environment({ SIGNALBOX_LEASE_SECONDS: '2', SIGNALBOX_WORKER_NAME: name, ...more }),
  );
  started.push(executor);
  return executor;
}

const gate = (file: string, more: object = {}) => ({ key: 'gate', type: 'test.gate', with: { file }, ...more });
const retry = { attempts: 3, delayMs: 1, factor: 1, maxDelayMs: 1 };

describe('an executor that is killed', { timeout: 30_000 }, () => {
  test('has its job taken over by another one, which does not run completed steps again', async () => {
    const file = path.join(stage.folder, 'open');
    const counter = path.join(stage.folder, 'counter');
    const first = await start('first');
    const id = await stage.queue([{ key: 'once', type: 'command', with: { run: `echo x >> ${counter}` } }, gate(file)]);
    await stage.logged(id, /^waiting in attempt 1$/);
    first.signal('SIGKILL');
    await start('second');
    await stage.logged(id, /^waiting in attempt 2$/, 20_000);
    await writeFile(file, '');
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'COMPLETED', epoch: 2, output: { attempt: 2 } });
    expect(readFileSync(counter, 'utf8')).toBe('x\n');
    expect(job.step('gate').attempts).toEqual([
      { number: 1, status: 'FAILED', category: 'WORKER_LOST', epoch: 1 },
      { number: 2, status: 'COMPLETED', category: null, epoch: 2 },
    ]);
    const lines = await stage.lines(id);
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1));
    expect(lines.map(({ message }) => message).join('\n')).toContain('The worker "first" was lost');
    const executions = await stage.db.prisma.execution.findMany({ where: { jobId: id }, orderBy: { epoch: 'asc' } });
    expect(executions).toMatchObject([
      { outcome: 'lost', workerName: 'first' },
      { outcome: 'completed', workerName: 'second' },
    ]);
  });

  test('leaves neither program nor folder behind: the next one on the machine clears them', async () => {
    const first = await start('first');
    const id = await stage.queue([{ key: 'a', type: 'command', with: { run: 'echo pid $$; sleep 100' } }]);
    const { message } = await stage.logged(id, /^pid \d+$/);
    const pid = Number(message.slice(4));
    first.signal('SIGKILL');
    await first.exited;
    expect(isAlive(pid)).toBe(true);
    await start('second');
    expect(await stage.settled(id)).toMatchObject({ status: 'FAILED', category: 'WORKER_LOST', errorStepKey: 'a' });
    await until(
      'the program is gone',
      () => isAlive(pid),
      (alive) => !alive,
    );
    await until(
      'its working folder is gone',
      () => readdir(path.join(stage.folder, 'work')),
      (folders) => folders.length === 0,
    );
  });

  test('three times by the same job fails the job', async () => {
    const id = await stage.queue([{ key: 'poison', type: 'test.poison', retry: { ...retry, attempts: 10 } }]);
    for (const name of ['first', 'second', 'third']) {
      const executor = await start(name);
      await executor.exited;
    }
    await start('fourth');
    const job = await stage.settled(id, 20_000);
    expect(job).toMatchObject({ status: 'FAILED', category: 'WORKER_LOST', epoch: 3 });
  });

  test('while a cancel was pending has the job settled as cancelled', async () => {
    const first = await start('first');
    const id = await stage.queue([gate(path.join(stage.folder, 'never'))]);
    await stage.logged(id, /^waiting/);
    first.signal('SIGKILL');
    await first.exited;
    await requestCancel(stage.db, DEFAULT_TENANT_ID, id, false);
    await start('second');
    expect(await stage.settled(id, 20_000)).toMatchObject({ status: 'CANCELLED' });
  });
});

describe('an executor that was frozen until another took its job', { timeout: 40_000 }, () => {
  test('writes nothing more, ends its programs and says so; the job is the work of the other', async () => {
    const file = path.join(stage.folder, 'open');
    const first = await start('first');
    const id = await stage.queue([
      {
        key: 'a',
        type: 'command',
        retry,
        with: { run: `echo pid $$ of $SIGNALBOX_ATTEMPT; while [ ! -e ${file} ]; do echo tick; sleep 0.02; done` },
      },
    ]);
    const { message } = await stage.logged(id, /^pid \d+ of 1$/);
    first.signal('SIGSTOP');
    await start('second');
    await stage.logged(id, /^pid \d+ of 2$/, 20_000);
    first.signal('SIGCONT');
    await until(
      'it says that it gave the job up',
      () => first.said(),
      (said) => said.includes('a lost job was put down'),
    );
    expect(isAlive(Number(message.split(' ')[1]))).toBe(false);
    const afterwards = (await stage.lines(id)).filter(({ attempt }) => attempt === 1).length;
    await writeFile(file, '');
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'COMPLETED', epoch: 2 });
    expect(job.step('a').attempts).toMatchObject([
      { status: 'FAILED', category: 'WORKER_LOST' },
      { status: 'COMPLETED', epoch: 2 },
    ]);
    const lines = await stage.lines(id);
    expect(lines.filter(({ attempt }) => attempt === 1)).toHaveLength(afterwards);
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1));
    expect(isAlive(first.pid)).toBe(true);
  });
});

describe('an executor that is asked to stop', { timeout: 60_000 }, () => {
  test('hands its job back without charging an attempt, and another one goes on with it', async () => {
    const file = path.join(stage.folder, 'open');
    const first = await start('first');
    const id = await stage.queue([gate(file, { retry: { ...retry, attempts: 1 } })]);
    await stage.logged(id, /^waiting in attempt 1$/);
    const pending = await stage.queue([{ key: 'a', type: 'test.echo' }]);
    await stage.settled(pending);
    const stoppedAt = performance.now();
    first.signal('SIGTERM');
    await until(
      'it is stopping',
      () => first.said(),
      (said) => said.includes('stopping'),
    );
    const late = await stage.queue([{ key: 'a', type: 'test.echo' }]);
    // What comes within a second counts as the same request, so it is asked until it is heard.
    const again = setInterval(() => first.signal('SIGTERM'), 100);
    await until(
      'it hurries',
      () => first.said(),
      (said) => said.includes('stopping at once'),
    );
    clearInterval(again);
    expect(await first.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - stoppedAt).toBeLessThan(10_000);
    expect(await stage.job(id)).toMatchObject({ status: 'QUEUED', currentStepKey: null });
    expect(await stage.job(late)).toMatchObject({ status: 'QUEUED' });
    expect((await stage.job(id)).step('gate')).toMatchObject({
      status: 'PENDING',
      attempts: [{ status: 'CANCELLED' }],
    });
    await writeFile(file, '');
    await start('second');
    expect(await stage.settled(id, 5_000)).toMatchObject({ status: 'COMPLETED', output: { attempt: 2 } });
    expect(await stage.settled(late, 5_000)).toMatchObject({ status: 'COMPLETED' });
    const workers = await stage.db.prisma.worker.findMany({ orderBy: { startedAt: 'asc' } });
    expect(workers.map(({ stoppedAt: at }) => at !== null)).toEqual([true, false]);
  });

  test('lets running jobs end first', async () => {
    const file = path.join(stage.folder, 'open');
    const first = await start('first');
    const id = await stage.queue([gate(file), { key: 'next', type: 'test.echo' }]);
    await stage.logged(id, /^waiting/);
    first.signal('SIGTERM');
    await until(
      'it is stopping',
      () => first.said(),
      (said) => said.includes('stopping'),
    );
    await writeFile(file, '');
    expect(await first.exited).toEqual({ code: 0, signal: null });
    expect(await stage.job(id)).toMatchObject({ status: 'COMPLETED', epoch: 1 });
  });

  test('ends its programs when it has waited long enough, also those that ignore TERM', async () => {
    const first = await start('first');
    const id = await stage.queue([
      { key: 'a', type: 'command', with: { run: `trap '' TERM; echo pid $$; while :; do sleep 0.05; done` } },
    ]);
    const { message } = await stage.logged(id, /^pid \d+$/);
    const stoppedAt = performance.now();
    first.signal('SIGINT');
    expect(await first.exited).toEqual({ code: 0, signal: null });
    const took = performance.now() - stoppedAt;
    expect(took).toBeGreaterThan(24_000);
    expect(took).toBeLessThan(40_000);
    expect(isAlive(Number(message.slice(4)))).toBe(false);
    expect(await stage.job(id)).toMatchObject({ status: 'QUEUED' });
  });

  test('does the same when whoever started it is gone', async () => {
    const first = await start('first');
    first.disconnect();
    expect(await first.exited).toEqual({ code: 0, signal: null });
  });
});

describe('a step that throws where nobody awaits it', () => {
  test.each(['timer', 'promise'])('fails, and the executor lives on: in a %s', async (how) => {
    const executor = await start('first');
    const job = await stage.settled(await stage.queue([{ key: 'a', type: 'test.stray', with: { how } }]));
    expect(job).toMatchObject({ status: 'FAILED', category: 'PLUGIN' });
    expect(job.error).toContain(how);
    expect(await stage.settled(await stage.queue([{ key: 'a', type: 'test.echo' }]))).toMatchObject({
      status: 'COMPLETED',
    });
    expect(isAlive(executor.pid)).toBe(true);
  });
});

describe('a program that floods its output', { timeout: 60_000 }, () => {
  test('meets pressure at its pipe, and the executor stays small', async () => {
    const executor = await start('first', { SIGNALBOX_LEASE_SECONDS: '30' });
    const memory = (name: string) =>
      Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${executor.pid}/status`, 'utf8'))?.[1]) /
      1024;
    await stage.settled(await stage.queue([{ key: 'a', type: 'command', with: { run: 'echo warm' } }]));
    const before = memory('VmRSS');
    const id = await stage.queue([
      { key: 'a', type: 'command', with: { run: 'seq 1 200000 | sed "s/^/a line of the flood with the number /"' } },
    ]);
    expect(await stage.settled(id, 50_000)).toMatchObject({ status: 'COMPLETED' });
    const { rows } = await stage.db.pool.query<{ count: string; last: number }>(
      'SELECT count(*), max(seq) AS last FROM log_line WHERE job_id = $1',
      [id],
    );
    expect(rows[0]).toEqual({ count: '200000', last: 200_000 });
    expect(memory('VmHWM') - before).toBeLessThan(150);
  });
});
