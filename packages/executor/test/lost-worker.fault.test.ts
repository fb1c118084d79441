import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { requestCancel } from '@signalbox/db/cancel';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasControlGroups } from '../src/control-groups.ts';
import { killProcesses } from '../src/process-group.ts';
import { openProcessStage, type ProcessStage } from './process-stage.ts';
import { isAlive } from './processes.ts';
import { until } from './stage.ts';

let stage: ProcessStage;
beforeEach(async () => {
  stage = await openProcessStage();
});
afterEach(() => stage.close());

const gate = (file: string, more: object = {}) => ({ key: 'gate', type: 'test.gate', with: { file }, ...more });
const retry = { attempts: 3, delayMs: 1, factor: 1, maxDelayMs: 1 };

describe('an executor that is killed', () => {
  test('has its job taken over by another one, which does not run completed steps again', async () => {
    const file = path.join(stage.folder, 'open');
    const counter = path.join(stage.folder, 'counter');
    const first = await stage.start('first');
    const id = await stage.queue([{ key: 'once', type: 'command', with: { run: `echo x >> ${counter}` } }, gate(file)]);
    await stage.logged(id, /^waiting in attempt 1$/);
    first.signal('SIGKILL');
    await first.exited;
    await stage.expire(id);
    await stage.start('second');
    await stage.logged(id, /^waiting in attempt 2$/);
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

  test('leaves no program behind: the next one on the machine ends it', async () => {
    const first = await stage.start('first');
    const id = await stage.queue([{ key: 'a', type: 'command', with: { run: 'echo pid $$; sleep 100' } }]);
    const { message } = await stage.logged(id, /^pid \d+$/);
    const pid = Number(message.slice(4));
    first.signal('SIGKILL');
    await first.exited;
    await stage.expire(id);
    await stage.start('second');
    expect(await stage.settled(id)).toMatchObject({ status: 'FAILED', category: 'WORKER_LOST', errorStepKey: 'a' });
    await until(
      'the program is gone',
      () => isAlive(pid),
      (alive) => !alive,
    );
  });

  test('leaves no program behind that took off its mark either, where control groups can be made', async () => {
    const first = await stage.start('first');
    const run = `setsid env -i PATH="$PATH" sh -c 'echo pid $$; sleep 100' & sleep 100`;
    const id = await stage.queue([{ key: 'a', type: 'command', with: { run } }]);
    const { message } = await stage.logged(id, /^pid \d+$/);
    const pid = Number(message.slice(4));
    first.signal('SIGKILL');
    await first.exited;
    await stage.expire(id);
    await stage.start('second');
    expect(await stage.settled(id)).toMatchObject({ status: 'FAILED', category: 'WORKER_LOST' });
    // Elsewhere nobody can know whose it is.
    if (!hasControlGroups()) killProcesses([pid]);
    await until(
      'the program is gone',
      () => isAlive(pid),
      (alive) => !alive,
    );
  });

  test('three times by the same job fails the job', async () => {
    const id = await stage.queue([{ key: 'poison', type: 'test.poison', retry: { ...retry, attempts: 10 } }]);
    for (const name of ['first', 'second', 'third']) {
      const executor = await stage.start(name);
      await executor.exited;
      await stage.expire(id);
    }
    await stage.start('fourth');
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'FAILED', category: 'WORKER_LOST', epoch: 3 });
  });

  test('while a cancel was pending has the job settled as cancelled', async () => {
    const first = await stage.start('first');
    const id = await stage.queue([gate(path.join(stage.folder, 'never'))]);
    await stage.logged(id, /^waiting/);
    first.signal('SIGKILL');
    await first.exited;
    await requestCancel(stage.db, DEFAULT_TENANT_ID, id, false);
    await stage.expire(id);
    await stage.start('second');
    expect(await stage.settled(id)).toMatchObject({ status: 'CANCELLED' });
  });
});

describe('an executor that was frozen until another took its job', () => {
  test('writes nothing more, ends its programs and says so; the job is the work of the other', async () => {
    const file = path.join(stage.folder, 'open');
    const first = await stage.start('first');
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
    await stage.expire(id);
    await stage.start('second');
    await stage.logged(id, /^pid \d+ of 2$/);
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
