import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase } from '../../../prisma/test/database.ts';
import { refusedStart, startProcess } from './executor-process.ts';
import { type FinishedJob, openStage, type Stage, until } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

describe('the executor', () => {
  test('is ready once it is registered with everything it can run', async () => {
    const executor = await startProcess(
      stage.environment({
        SIGNALBOX_WORKER_NAME: 'worker-7',
        SIGNALBOX_QUEUES: 'default,slow',
        SIGNALBOX_CONCURRENCY: '3',
      }),
    );
    const worker = await stage.db.prisma.worker.findFirstOrThrow({ include: { stepTypes: true } });
    expect(worker).toMatchObject({ name: 'worker-7', queues: ['default', 'slow'], concurrency: 3, stoppedAt: null });
    const types = worker.stepTypes.map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['command', 'tool', 'prompt', 'simulated', 'test.echo']));
    expect(worker.stepTypes.find(({ type }) => type === 'test.echo')).toMatchObject({
      plugin: 'signalbox-plugin-test',
      repeatable: true,
    });
    executor.signal('SIGTERM');
    expect(await executor.exited).toEqual({ code: 0, signal: null });
  });

  test.each([
    ['a bad setting', { SIGNALBOX_CONCURRENCY: 'many' }, /^SIGNALBOX_CONCURRENCY: must be a whole number.*\n$/],
    [
      'no folder of secrets',
      { SIGNALBOX_SECRETS_DIR: '/nowhere' },
      /^SIGNALBOX_SECRETS_DIR: must be a folder.*ENOENT.*\n$/,
    ],
    ['an unknown setting', { SIGNALBOX_CONCURENCY: '3' }, /^SIGNALBOX_CONCURENCY: .*SIGNALBOX_CONCURRENCY.*\n$/],
    [
      'a store for artifacts that it does not have',
      { SIGNALBOX_ARTIFACTS: 's3:bucket' },
      /^SIGNALBOX_ARTIFACTS: .*\n$/,
    ],
    ['no database', { DATABASE_URL: '' }, /^DATABASE_URL: .*\n$/],
  ])('refuses to start with %s, in one line, as a mistake in the settings', async (_what, wrong, line) => {
    const { code, said } = await refusedStart(stage.environment(wrong));
    expect(said).toMatch(line);
    expect(code).toBe(78);
  });

  test('says in one line that its database cannot be reached, or has no tables yet', async () => {
    const unreachable = await refusedStart(stage.environment({ DATABASE_URL: 'postgres://postgres@127.0.0.1:1/none' }));
    expect(unreachable.said.trim().split('\n').at(-1)).toMatch(/^The executor could not start: .*ECONNREFUSED/);
    expect(unreachable.code).toBe(1);
    const empty = await createTestDatabase({ empty: true });
    const unmigrated = await refusedStart(stage.environment({ DATABASE_URL: empty.url }));
    expect(unmigrated).toMatchObject({ code: 1, said: expect.stringContaining('no tables of Signalbox yet') });
    await empty.drop();
  });

  test('runs no more jobs at the same time than it is told to', async () => {
    const executor = await stage.startExecutor({ SIGNALBOX_CONCURRENCY: '2' });
    const file = path.join(stage.folder, 'open');
    const ids = await Promise.all([1, 2, 3].map(() => stage.queue([{ key: 'a', type: 'test.gate', with: { file } }])));
    const jobs = () => Promise.all(ids.map((id) => stage.job(id)));
    const count = (seen: FinishedJob[], status: string) => seen.filter((job) => job.status === status).length;
    const seen = await until('two of them run', jobs, (all) => count(all, 'RUNNING') >= 2);
    expect([count(seen, 'RUNNING'), count(seen, 'QUEUED')]).toEqual([2, 1]);
    await writeFile(file, '');
    for (const id of ids) expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED' });
    await executor.stop();
  });
});
