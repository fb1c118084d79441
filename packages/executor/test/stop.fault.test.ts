import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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

describe('an executor that is asked to stop', () => {
  test('hands its job back without charging an attempt, and another one goes on with it', async () => {
    const file = path.join(stage.folder, 'open');
    const first = await stage.start('first');
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
    ).finally(() => clearInterval(again));
    expect(await first.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - stoppedAt).toBeLessThan(24_000);
    expect(await stage.job(id)).toMatchObject({ status: 'QUEUED', currentStepKey: null });
    // A look at the queue that was under way already may still have brought it.
    expect(['QUEUED', 'COMPLETED']).toContain((await stage.job(late)).status);
    expect((await stage.job(id)).step('gate')).toMatchObject({
      status: 'PENDING',
      attempts: [{ status: 'CANCELLED' }],
    });
    await writeFile(file, '');
    await stage.start('second');
    expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED', output: { attempt: 2 } });
    expect(await stage.settled(late)).toMatchObject({ status: 'COMPLETED', epoch: 1 });
    const workers = await stage.db.prisma.worker.findMany({ orderBy: { startedAt: 'asc' } });
    expect(workers.map(({ stoppedAt: at }) => at !== null)).toEqual([true, false]);
  });

  test('lets running jobs end first', async () => {
    const file = path.join(stage.folder, 'open');
    const first = await stage.start('first');
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
    // The short lease of these tests would be lost on a busy machine before the wait is over.
    const first = await stage.start('first', { SIGNALBOX_LEASE_SECONDS: '30' });
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
    const first = await stage.start('first');
    first.disconnect();
    expect(await first.exited).toEqual({ code: 0, signal: null });
  });
});

describe('a step that throws where nobody awaits it', () => {
  test.each(['timer', 'promise'])('fails, and the executor lives on: in a %s', async (how) => {
    const executor = await stage.start('first');
    const job = await stage.settled(await stage.queue([{ key: 'a', type: 'test.stray', with: { how } }]));
    expect(job).toMatchObject({ status: 'FAILED', category: 'PLUGIN' });
    expect(job.error).toContain(how);
    expect(await stage.settled(await stage.queue([{ key: 'a', type: 'test.echo' }]))).toMatchObject({
      status: 'COMPLETED',
    });
    expect(isAlive(executor.pid)).toBe(true);
  });
});

describe('a program that floods its output', () => {
  test('meets pressure at its pipe, and the executor stays small', { timeout: 180_000 }, async () => {
    const executor = await stage.start('first', { SIGNALBOX_LEASE_SECONDS: '30' });
    const memory = (name: string) =>
      Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${executor.pid}/status`, 'utf8'))?.[1]) /
      1024;
    await stage.settled(await stage.queue([{ key: 'a', type: 'command', with: { run: 'echo warm' } }]));
    const before = memory('VmRSS');
    const id = await stage.queue([
      { key: 'a', type: 'command', with: { run: 'seq 1 200000 | sed "s/^/a line of the flood with the number /"' } },
    ]);
    expect(await stage.settled(id, 150_000)).toMatchObject({ status: 'COMPLETED' });
    const { rows } = await stage.db.pool.query<{ count: string; last: number }>(
      'SELECT count(*), max(seq) AS last FROM log_line WHERE job_id = $1',
      [id],
    );
    expect(rows[0]).toEqual({ count: '200000', last: 200_000 });
    expect(memory('VmHWM') - before).toBeLessThan(150);
  });
});
