import { markWorkerStopped } from '@signalbox/db/workers';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type ApiFixture, createApiFixture } from './fixture.ts';
import { Scene } from './scene.ts';
import { Subscriber } from './subscriber.ts';

let api: ApiFixture;
const open: Subscriber<unknown>[] = [];
beforeAll(async () => {
  api = await createApiFixture();
});
afterEach(() => Promise.all(open.splice(0).map((subscriber) => subscriber.close())));
afterAll(() => api.close());

/** What the fixture does by itself tells nobody, as a hint that was lost; polls would find it. */
async function hinted<Result>(change: Promise<Result>): Promise<Result> {
  const result = await change;
  api.services.states.wake();
  return result;
}

function subscribe<Data>(query: string, variables: Record<string, unknown> = {}): Subscriber<Data> {
  const subscriber = new Subscriber<Data>(api.wsUrl, query, variables);
  open.push(subscriber);
  return subscriber;
}

interface Counts {
  countsUpdated: { cursor: string; total: number; counts: { status: string; count: number }[] };
}

const COUNTS = `subscription ($filter: JobFilter, $after: String) {
  countsUpdated(filter: $filter, after: $after) { cursor total counts { status count } }
}`;

const watchCounts = (filter: object, after?: string) => subscribe<Counts>(COUNTS, { filter, after });
const countOf = ({ countsUpdated }: Counts, wanted: string) =>
  countsUpdated.counts.find(({ status }) => status === wanted)?.count;

test('counts come as they are, and again after every change of a job that matches', async () => {
  const subject = 'counted';
  const id = await api.newJob({ subject });
  const counts = watchCounts({ subject });
  const first = await counts.next();
  expect(first.countsUpdated.counts.map(({ count }) => count)).toEqual([0, 1, 0, 0, 0, 0, 0, 0]);
  expect(first.countsUpdated.total).toBe(1);
  const held = await api.worker.claim(id);
  await counts.until((data) => countOf(data, 'RUNNING') === 1 && countOf(data, 'QUEUED') === 0);
  await api.worker.settle(held, { status: 'COMPLETED', output: null, error: null });
  await counts.until((data) => countOf(data, 'COMPLETED') === 1 && data.countsUpdated.total === 1);
  await api.query('mutation ($id: ID!) { deleteJob(id: $id) { __typename } }', { id });
  await counts.until((data) => data.countsUpdated.total === 0);
});

test('changes of other jobs are not told, since they change no count', async () => {
  const counts = watchCounts({ subject: 'quiet' });
  await counts.next();
  await api.worker.finish(await api.newJob({ subject: 'loud' }));
  await hinted(api.newJob({ subject: 'quiet' }));
  expect(countOf(await counts.next(), 'QUEUED')).toBe(1);
});

test('whoever resumes hears the counts when they are others than it knows, and nothing before', async () => {
  const subject = 'resumed';
  await hinted(api.newJob({ subject }));
  const first = watchCounts({ subject });
  const { cursor } = (await first.next()).countsUpdated;
  first.cut();
  const unchanged = watchCounts({ subject }, cursor);
  const other = watchCounts({ subject });
  // Both have been read for when the other one hears.
  await other.next();
  await hinted(api.newJob({ subject }));
  expect((await unchanged.next()).countsUpdated.total).toBe(2);
  const changed = watchCounts({ subject }, cursor);
  expect((await changed.next()).countsUpdated.total).toBe(2);
});

test('a cursor of something else is refused', async () => {
  for (const after of ['nonsense', Buffer.from(`workers:${'a'.repeat(43)}`).toString('base64url')]) {
    expect((await watchCounts({}, after).refusal())?.extensions?.code).toBe('BAD_CURSOR');
  }
});

test('however many watch the same counts, a change is counted once for all of them', async () => {
  const subject = 'shared';
  const readers = Array.from({ length: 50 }, () => watchCounts({ subject }));
  await Promise.all(readers.map((reader) => reader.next()));
  const counted = vi.spyOn(api.services.db.pool, 'query');
  const isCount = ([statement]: unknown[]) =>
    typeof statement === 'string' && statement.includes('GROUP BY job.status');
  try {
    await hinted(api.newJob({ subject }));
    await Promise.all(readers.map((reader) => reader.until((data) => data.countsUpdated.total === 1)));
    // More than one, where hints and polls of something else come between; but far from one for each reader.
    expect(counted.mock.calls.filter(isCount).length).toBeLessThan(readers.length);
  } finally {
    counted.mockRestore();
  }
});

test('nothing is read for subscribers that are gone', async () => {
  const left = subscribe<Counts>(COUNTS, { filter: { subject: 'left' } });
  await left.next();
  await left.close();
  await left.closed;
  const stays = watchCounts({ subject: 'stays' });
  await stays.next();
  const asked = vi.spyOn(api.services.db.pool, 'query');
  try {
    await hinted(api.newJob({ subject: 'stays' }));
    await stays.next();
    expect(asked.mock.calls.filter((call) => JSON.stringify(call).includes('"left"'))).toEqual([]);
  } finally {
    asked.mockRestore();
  }
});

test('workers are told when they come, hold a job, and stop', async () => {
  interface Workers {
    workersUpdated: { cursor: string; workers: { id: string; healthy: boolean; runningJobs: number }[] };
  }
  const workers = subscribe<Workers>(
    'subscription { workersUpdated { cursor workers { id healthy runningJobs jobs { id } } } }',
  );
  expect((await workers.next()).workersUpdated.workers).toEqual([]);
  const scene = new Scene(api);
  const { id, workerId } = await hinted(scene.held());
  const known = await workers.until(({ workersUpdated }) => workersUpdated.workers[0]?.runningJobs === 1);
  expect(known.at(-1)?.workersUpdated.workers[0]).toEqual({
    id: workerId,
    healthy: true,
    runningJobs: 1,
    jobs: [{ id }],
  });
  await hinted(markWorkerStopped(api.services.db, workerId));
  await workers.until(({ workersUpdated }) => workersUpdated.workers[0]?.healthy === false);
});

test('the depth of a queue is told while it changes', async () => {
  const scene = new Scene(api);
  interface Queues {
    queuesUpdated: { queues: { name: string; queued: number }[] };
  }
  const queues = subscribe<Queues>('subscription { queuesUpdated { cursor queues { name queued } } }');
  await queues.next();
  const depth = (wanted: number) => (data: Queues) =>
    data.queuesUpdated.queues.some(({ name, queued }) => name === scene.queue && queued === wanted);
  const id = await hinted(scene.job());
  await queues.until(depth(1));
  await hinted(scene.job());
  await queues.until(depth(2));
  await hinted(scene.claim(id));
  const told = await queues.until(depth(1));
  expect(told.at(-1)?.queuesUpdated.queues).toContainEqual({ name: scene.queue, queued: 1 });
});
