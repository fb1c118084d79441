import { markWorkerStopped } from '@signalbox/db/workers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture } from './fixture.ts';
import { Scene } from './scene.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

const QUEUE =
  'name queued queuedByPriority { priority count } oldestQueuedAt running waiting workers slots criticalSlots taken medianWaitMs p95WaitMs';

interface Queue {
  name: string;
  oldestQueuedAt: string | null;
}

async function queue(name: string): Promise<Queue | undefined> {
  const { data } = await api.query<{ queues: Queue[] }>(`{ queues { ${QUEUE} } }`);
  return data.queues.find((one) => one.name === name);
}

test('queues tells how deep each one is, who serves it, and how long jobs have stood in it', async () => {
  const scene = new Scene(api);
  expect(await queue(scene.queue)).toBeUndefined();
  await scene.job({ minutesAgo: 3 });
  await scene.job({ priority: 'CRITICAL' });
  const nobody = { workers: 0, slots: 0, criticalSlots: 0, taken: 0, running: 0, waiting: 0, medianWaitMs: null };
  const alone = await queue(scene.queue);
  expect(alone).toMatchObject({ queued: 2, ...nobody });
  expect(Date.now() - Date.parse(alone?.oldestQueuedAt ?? '')).toBeGreaterThan(170_000);
  const worker = await scene.worker({ slots: 3, criticalSlots: 1 });
  await scene.claim(await scene.job({ minutesAgo: 1 }), worker);
  expect(await queue(scene.queue)).toMatchObject({
    queued: 2,
    queuedByPriority: [
      { priority: 'CRITICAL', count: 1 },
      { priority: 'HIGH', count: 0 },
      { priority: 'MEDIUM', count: 1 },
      { priority: 'LOW', count: 0 },
    ],
    running: 1,
    workers: 1,
    slots: 3,
    criticalSlots: 1,
    taken: 1,
    medianWaitMs: expect.closeTo(60_000, -4),
    p95WaitMs: expect.closeTo(60_000, -4),
  });
});

test('workers tells who they are and what they hold; one that is gone is forgotten after a while', async () => {
  const scene = new Scene(api);
  const id = await scene.worker({ slots: 3, criticalSlots: 2, types: ['command', 'prompt'] });
  const held = await scene.job();
  await scene.claim(held, id);
  const ask = async () => {
    const fields = `id healthy runningJobs concurrency criticalSlots jobs { id } stepTypes version host pid cpus rssBytes cpuPercent
      loadAverage startedAt stoppedAt queues`;
    const { data } = await api.query<{ workers: { id: string }[] }>(`{ workers { ${fields} } }`);
    return data.workers.find((worker) => worker.id === id);
  };
  expect(await ask()).toMatchObject({
    healthy: true,
    runningJobs: 1,
    concurrency: 3,
    criticalSlots: 2,
    jobs: [{ id: held }],
    stepTypes: ['command', 'prompt'],
    version: '1.0.0',
    host: 'test-host',
    pid: 1,
    cpus: 1,
    rssBytes: null,
    stoppedAt: null,
    queues: [scene.queue],
  });
  await markWorkerStopped(api.services.db, id);
  expect(await ask()).toMatchObject({ healthy: false, stoppedAt: expect.any(String) });
  const { pool } = api.services.db;
  await pool.query(`UPDATE worker SET stopped_at = now() - interval '11 minutes' WHERE id = $1`, [id]);
  expect(await ask()).toBeUndefined();
  await pool.query(`UPDATE worker SET stopped_at = NULL, last_seen_at = now() - interval '5 minutes' WHERE id = $1`, [
    id,
  ]);
  expect(await ask()).toMatchObject({ healthy: false, stoppedAt: null });
  await pool.query(`UPDATE worker SET last_seen_at = now() - interval '15 minutes' WHERE id = $1`, [id]);
  expect(await ask()).toBeUndefined();
});
