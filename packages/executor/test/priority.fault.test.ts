import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { JobPriority } from '@signalbox/core/statuses';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { setJobPriority } from '@signalbox/db/priority';
import { HEAD_START_MINUTES } from '@signalbox/db/queue';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStage, type Stage, until } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const oneSlot = { SIGNALBOX_CONCURRENCY: '1', SIGNALBOX_CRITICAL_SLOTS: '0' };

/** A job that is done at once, as if it had been queued so many minutes ago. */
async function queueJob(priority: JobPriority, minutesAgo = 0, queue?: string): Promise<string> {
  const id = await stage.queue([{ key: 'a', type: 'test.echo' }], { workflow: { priority, queue } });
  if (minutesAgo === 0) return id;
  await stage.db.pool.query('UPDATE job SET queued_at = now() - make_interval(secs => $2) WHERE id = $1', [
    id,
    minutesAgo * 60,
  ]);
  // Places it anew, by its age.
  await setJobPriority(stage.db, DEFAULT_TENANT_ID, id, priority);
  return id;
}

/** A job that runs until the file is made. */
async function holdASlot(name = 'open'): Promise<{ id: string; open(): Promise<void> }> {
  const file = path.join(stage.folder, name);
  const id = await stage.queue([{ key: 'gate', type: 'test.gate', with: { file } }]);
  await stage.logged(id, /^waiting/);
  return { id, open: () => writeFile(file, '') };
}

async function inOrderOfStart(ids: readonly string[]): Promise<string[]> {
  await Promise.all(ids.map((id) => stage.settled(id)));
  const jobs = await stage.db.prisma.execution.findMany({ orderBy: { startedAt: 'asc' }, select: { jobId: true } });
  return jobs.map(({ jobId }) => jobId).filter((id) => ids.includes(id));
}

describe('the order of a queue', () => {
  test('with one slot and a full queue a critical job starts next, then the others by priority and age', async () => {
    await stage.startExecutor(oneSlot);
    const { open } = await holdASlot();
    const low = await queueJob('LOW');
    const [first, second] = [await queueJob('MEDIUM'), await queueJob('MEDIUM')];
    const high = await queueJob('HIGH');
    const critical = await queueJob('CRITICAL');
    await open();
    expect(await inOrderOfStart([low, first, second, high, critical])).toEqual([critical, high, first, second, low]);
  });

  test('a low job is held up by a constant stream of high ones for the promised time only', async () => {
    const bound = HEAD_START_MINUTES.HIGH - HEAD_START_MINUTES.LOW;
    expect(bound).toBe(10);
    // A high job every other minute, from before it was queued until after the bound.
    const low = await queueJob('LOW', 20);
    const stream: { id: string; after: number }[] = [];
    for (let after = -1; after < 14; after += 2) stream.push({ id: await queueJob('HIGH', 20 - after), after });
    await stage.startExecutor(oneSlot);
    const order = await inOrderOfStart([low, ...stream.map(({ id }) => id)]);
    const before = order.slice(0, order.indexOf(low));
    expect(before).toEqual(stream.filter(({ after }) => after < bound).map(({ id }) => id));
  });

  test('a critical job comes before all others, however old they are', async () => {
    const old = [await queueJob('LOW', 10_000), await queueJob('HIGH', 10_000)];
    const critical = await queueJob('CRITICAL');
    await stage.startExecutor(oneSlot);
    expect((await inOrderOfStart([...old, critical]))[0]).toBe(critical);
  });

  test('changes at once when a queued job gets another priority, and the job keeps its age', async () => {
    const [older, newer, other] = [await queueJob('LOW', 2), await queueJob('LOW', 1), await queueJob('HIGH')];
    await setJobPriority(stage.db, DEFAULT_TENANT_ID, newer, 'CRITICAL');
    await setJobPriority(stage.db, DEFAULT_TENANT_ID, older, 'HIGH');
    await setJobPriority(stage.db, DEFAULT_TENANT_ID, other, 'LOW');
    await setJobPriority(stage.db, DEFAULT_TENANT_ID, newer, 'MEDIUM');
    await stage.startExecutor(oneSlot);
    expect(await inOrderOfStart([older, newer, other])).toEqual([older, newer, other]);
  });

  test('goes through all queues of an executor, and through no other', async () => {
    const elsewhere = await queueJob('CRITICAL', 0, 'elsewhere');
    const [low, high] = [await queueJob('LOW', 0, 'one'), await queueJob('HIGH', 0, 'two')];
    await stage.startExecutor({ ...oneSlot, SIGNALBOX_QUEUES: 'one,two' });
    expect(await inOrderOfStart([low, high])).toEqual([high, low]);
    expect(await stage.job(elsewhere)).toMatchObject({ status: 'QUEUED' });
  });
});

describe('the place for critical jobs', () => {
  test('is there while all ordinary ones are taken, for one that is queued and for one that becomes critical', async () => {
    await stage.startExecutor({ SIGNALBOX_CONCURRENCY: '1' });
    const { id, open } = await holdASlot();
    const waiting = [await queueJob('HIGH'), await queueJob('MEDIUM')];
    expect(await stage.settled(await queueJob('CRITICAL'))).toMatchObject({ status: 'COMPLETED', epoch: 1 });
    const [raised, last = ''] = waiting;
    await setJobPriority(stage.db, DEFAULT_TENANT_ID, last, 'CRITICAL');
    expect(await stage.settled(last)).toMatchObject({ status: 'COMPLETED', epoch: 1 });
    expect(await stage.job(id)).toMatchObject({ status: 'RUNNING' });
    expect(await stage.job(raised ?? '')).toMatchObject({ status: 'QUEUED' });
    await open();
    await stage.settled(raised ?? '');
  });

  test('passes over a job that waits for its concurrency key', async () => {
    await stage.startExecutor({ SIGNALBOX_CONCURRENCY: '1' });
    const file = path.join(stage.folder, 'keyed');
    const concurrency = { key: 'the key', limit: 1, onConflict: 'queue' } as const;
    const gate = { key: 'gate', type: 'test.gate', with: { file } };
    const holder = await stage.queue([gate], { workflow: { concurrency } });
    await stage.logged(holder, /^waiting/);
    const keyed = await stage.queue([gate], { workflow: { concurrency, priority: 'CRITICAL' } });
    await stage.settled(await queueJob('CRITICAL'));
    expect(await stage.job(keyed)).toMatchObject({ status: 'QUEUED', epoch: 0 });
    await writeFile(file, '');
    expect(await stage.settled(keyed)).toMatchObject({ status: 'COMPLETED' });
  });

  test('is left by a polite stop only when its job has ended or was handed back', async () => {
    const executor = await stage.startExecutor({ SIGNALBOX_CONCURRENCY: '1' });
    await holdASlot();
    const file = path.join(stage.folder, 'never');
    const gate = { key: 'gate', type: 'test.gate', with: { file } };
    const critical = await stage.queue([gate], { workflow: { priority: 'CRITICAL' } });
    await stage.logged(critical, /^waiting/);
    const { queuedAt } = await stage.db.prisma.job.findUniqueOrThrow({ where: { id: critical } });
    const stopped = executor.stop();
    void executor.stop();
    await stopped;
    const after = await stage.db.prisma.job.findUniqueOrThrow({ where: { id: critical } });
    expect(after).toMatchObject({ status: 'QUEUED', queuedAt });
  });
});

test('no executor hoards what another could run', async () => {
  await stage.startExecutor({ ...oneSlot, SIGNALBOX_WORKER_NAME: 'busy' });
  const { open } = await holdASlot();
  const ids = await Promise.all(Array.from({ length: 5 }, () => queueJob('MEDIUM')));
  await stage.startExecutor({ ...oneSlot, SIGNALBOX_WORKER_NAME: 'idle' });
  await inOrderOfStart(ids);
  const executions = await stage.db.prisma.execution.findMany({ where: { jobId: { in: ids } } });
  expect(new Set(executions.map(({ workerName }) => workerName))).toEqual(new Set(['idle']));
  await open();
});

test('two executors share the critical jobs out: each is run once', async () => {
  for (const name of ['one', 'two'])
    await stage.startExecutor({ SIGNALBOX_CONCURRENCY: '1', SIGNALBOX_WORKER_NAME: name });
  const holders = [await holdASlot('first'), await holdASlot('second')];
  const ids = await Promise.all(Array.from({ length: 10 }, () => queueJob('CRITICAL')));
  await inOrderOfStart(ids);
  expect(await stage.db.prisma.execution.count({ where: { jobId: { in: ids } } })).toBe(10);
  for (const { open, id } of holders) {
    await open();
    await until(
      'it is done',
      () => stage.job(id),
      ({ status }) => status === 'COMPLETED',
    );
  }
});
