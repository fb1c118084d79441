import { mkdir, readdir, utimes } from 'node:fs/promises';
import path from 'node:path';
import { newId } from '@signalbox/db/ids';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clearOrphans } from '../src/orphans.ts';
import { WorkFolders } from '../src/work-folders.ts';
import { openStage, type Stage } from './stage.ts';

const HOUR_MS = 60 * 60 * 1_000;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test('working folders go with jobs that are done, a day after those that were cancelled, and a day after nobody knows their job', async () => {
  const jobs = await Promise.all(
    ['queued', 'done', 'cancelled', 'cancelled long ago'].map(() => stage.queue([{ key: 'a', type: 'test.echo' }])),
  );
  const [queued = '', done = '', cancelled = '', cancelledLongAgo = ''] = jobs;
  const end = (id: string, status: 'COMPLETED' | 'CANCELLED', hoursAgo: number) => {
    const at = new Date(Date.now() - hoursAgo * HOUR_MS);
    return stage.db.prisma.job.update({
      where: { id },
      data: { status, queuedAt: at, startedAt: at, completedAt: at },
    });
  };
  await end(done, 'COMPLETED', 0);
  await end(cancelled, 'CANCELLED', 23);
  await end(cancelledLongAgo, 'CANCELLED', 25);
  const unknown = newId();
  const unknownLongAgo = newId();
  const root = path.join(stage.folder, 'swept');
  const work = path.join(root, 'work');
  for (const id of [...jobs, unknown, unknownLongAgo]) await mkdir(path.join(work, id), { recursive: true });
  const yesterday = new Date(Date.now() - 25 * HOUR_MS);
  await utimes(path.join(work, unknownLongAgo), yesterday, yesterday);
  await clearOrphans(stage.db, new WorkFolders(root), pino({ level: 'silent' }));
  expect((await readdir(work)).toSorted()).toEqual([queued, cancelled, unknown].toSorted());
});
