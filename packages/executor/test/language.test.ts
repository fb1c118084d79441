import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { startJob } from '@signalbox/db/jobs';
import { requeueForgottenJobs } from '@signalbox/db/takeover';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAlive } from './processes.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.startExecutor({ SIGNALBOX_QUEUES: 'default,special' });
});
afterAll(() => stage.close());

const echo = (key: string, more: object = {}) => ({ key, type: 'test.echo', ...more });
const sleeper = (key: string, more: object = {}) => ({
  key,
  type: 'command',
  with: { run: 'echo pid $$; sleep 100' },
  ...more,
});

describe('a step that is skipped', () => {
  test('says by which values its condition was false', async () => {
    const id = await stage.queue([echo('a'), echo('b', { if: 'input.n > 3 || steps.a.output.greeting == ""' })], {
      input: { n: 2 },
    });
    expect((await stage.settled(id)).step('b').because).toBe(
      'condition is false: input.n > 3 || steps.a.output.greeting == "" (input.n = 2, steps.a.output.greeting = "hello")',
    );
  });
});

describe('the timeout of a job', () => {
  test('ends what runs, skips the rest and fails the job as TIMEOUT', async () => {
    const id = await stage.queue(
      [
        echo('done'),
        sleeper('a', { retry: { attempts: 5, delayMs: 1, factor: 1, maxDelayMs: 1 }, continueOnError: true }),
        sleeper('b', { needs: ['done'] }),
        echo('c'),
      ],
      { workflow: { timeoutMs: 5_000 } },
    );
    const { message } = await stage.logged(id, /^pid \d+$/);
    const job = await stage.settled(id);
    const said = 'The job took longer than its timeout of 5 s and was ended.';
    expect(job).toMatchObject({ status: 'FAILED', category: 'TIMEOUT', error: said, errorStepKey: null });
    expect(job.steps.map(({ category, key, status }) => [key, status, category])).toEqual([
      ['done', 'COMPLETED', null],
      ['a', 'FAILED', 'TIMEOUT'],
      ['b', 'FAILED', 'TIMEOUT'],
      ['c', 'SKIPPED', null],
    ]);
    expect(job.step('a')).toMatchObject({ error: said, attempts: [{ status: 'FAILED', category: 'TIMEOUT' }] });
    expect(job.step('c').because).toBe("the job's time was up");
    expect(isAlive(Number(message.slice(4)))).toBe(false);
  });

  test('also ends a job in which a step only waits for its next try', async () => {
    const retry = { attempts: 2, delayMs: 4_000, factor: 1, maxDelayMs: 4_000 };
    const id = await stage.queue([{ key: 'a', type: 'test.fail', with: { category: 'NETWORK' }, retry }], {
      workflow: { timeoutMs: 300 },
    });
    expect(await stage.settled(id)).toMatchObject({ status: 'FAILED', category: 'TIMEOUT' });
  });

  test('counts what earlier workers have used of it', async () => {
    const file = path.join(stage.folder, 'never');
    const id = await stage.queue([{ key: 'a', type: 'test.gate', with: { file } }], {
      queue: 'nobody',
      workflow: { timeoutMs: 60_000 },
    });
    await stage.db.pool.query(
      `WITH used AS (
         INSERT INTO execution (id, tenant_id, job_id, epoch, worker_id, worker_name, queue, lease_expires_at, started_at,
           completed_at, outcome)
         SELECT uuidv7(), tenant_id, id, 1, uuidv7(), 'earlier', queue, now(), now() - interval '2 min', now(), 'released'
         FROM job WHERE id = $1)
       UPDATE job SET epoch = 1, queue = 'special' WHERE id = $1`,
      [id],
    );
    await startJob(stage.db, DEFAULT_TENANT_ID, id);
    expect(await stage.settled(id)).toMatchObject({ status: 'FAILED', category: 'TIMEOUT', epoch: 2 });
  });
});

describe('jobs of one concurrency key', () => {
  const gate = (file: string) => ({ key: 'gate', type: 'test.gate', with: { file: path.join(stage.folder, file) } });
  const rule = { key: 'deploy ${{ input.to }}', limit: 1, onConflict: 'queue' } as const;

  test('run one after the other, whatever their workflow, and beside those of other keys', async () => {
    const queue = (file: string, to: string) =>
      stage.queue([gate(file)], { input: { to }, workflow: { concurrency: rule } });
    const first = await queue('first', 'live');
    await stage.logged(first, /^waiting/);
    const others = [await queue('others', 'live'), await queue('others', 'live')];
    const elsewhere = await queue('elsewhere', 'test');
    await stage.logged(elsewhere, /^waiting/);
    await writeFile(path.join(stage.folder, 'elsewhere'), '');
    expect(await stage.settled(elsewhere)).toMatchObject({ status: 'COMPLETED' });
    for (const id of others) expect(await stage.job(id)).toMatchObject({ status: 'QUEUED', epoch: 0 });
    expect(await requeueForgottenJobs(stage.db, 0)).toEqual([]);
    await writeFile(path.join(stage.folder, 'others'), '');
    await writeFile(path.join(stage.folder, 'first'), '');
    for (const id of [first, ...others]) expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED' });
    const executions = await stage.db.prisma.execution.findMany({
      where: { jobId: { in: [first, ...others] } },
      orderBy: { startedAt: 'asc' },
    });
    expect(executions).toHaveLength(3);
    for (const [index, { startedAt }] of executions.slice(1).entries()) {
      expect(startedAt.getTime()).toBeGreaterThanOrEqual(executions[index]?.completedAt?.getTime() ?? Number.NaN);
    }
  });

  test('never run more beside each other than the limit allows, however many are claimed at once', async () => {
    const concurrency = { ...rule, limit: 3 };
    const all = Array.from({ length: 12 }, () =>
      stage.queue([{ key: 'a', type: 'command', with: { run: 'sleep 0.05' } }], {
        input: { to: 'many' },
        workflow: { concurrency },
      }),
    );
    const ids = await Promise.all(all);
    for (const id of ids) expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED', epoch: 1 });
    const { rows } = await stage.db.pool.query<{ most: number }>(
      `SELECT max(beside)::int AS most FROM (
         SELECT (SELECT count(*) FROM execution b WHERE b.job_id = ANY($1) AND b.started_at <= a.started_at
                 AND b.completed_at > a.started_at) AS beside
         FROM execution a WHERE a.job_id = ANY($1)) AS counted`,
      [ids],
    );
    expect(rows).toEqual([{ most: 3 }]);
  });
});

describe('a workflow', () => {
  test('gives its jobs a queue and a priority, which only the job itself can change', async () => {
    const workflow = { queue: 'special', priority: 'HIGH' } as const;
    const id = await stage.queue([echo('a')], { workflow });
    expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED' });
    const job = await stage.db.prisma.job.findUniqueOrThrow({ where: { id }, include: { executions: true } });
    expect(job).toMatchObject({ queue: 'special', priority: 'HIGH', executions: [{ queue: 'special' }] });
  });
});
