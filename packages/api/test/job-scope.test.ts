import { currentEventPosition, readEventsAfter } from '@signalbox/db/events';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JobScope } from '../src/live/job-scope.ts';
import { type ApiFixture, createApiFixture } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

/** Gives the jobs that readers of a list of queued jobs are told of, batch by batch. */
async function queuedJobs(): Promise<() => Promise<string[]>> {
  const { db } = api.services;
  const scope = new JobScope({ tenantId: DEFAULT_TENANT_ID, filter: { status: ['QUEUED'] } });
  await scope.prepare(db);
  let place = await currentEventPosition(db);
  return async () => {
    const { events } = await readEventsAfter(db, place, 100);
    const last = events.at(-1);
    if (last) place = { xid: last.xid, id: last.id };
    return (await scope.newChanges(db, events)).map((change) => change.jobId);
  };
}

test('a job that has left a filter is told of further: a reader that looked late may have seen it match again', async () => {
  const id = await api.newJob();
  const next = await queuedJobs();
  const held = await api.worker.claim(id);
  expect(await next()).toEqual([id]);
  await api.worker.settle(held, {
    status: 'FAILED',
    output: null,
    error: { message: 'it broke', category: 'PROCESS', stepKey: null },
  });
  expect(await next()).toEqual([id]);
  // Queued and taken again before the scope looks.
  await api.query('mutation ($id: ID!) { retryJob(id: $id) { __typename } }', { id });
  await api.worker.finish(id);
  expect(await next()).toEqual([id]);
});

test('progress of a job that has left a filter is not told: it brings no job back', async () => {
  const id = await api.newJob();
  const next = await queuedJobs();
  const held = await api.worker.claim(id);
  expect(await next()).toEqual([id]);
  await api.worker.record(held, { stepPercent: 10 });
  expect(await next()).toEqual([]);
});

test('nothing is told of a job that never matched', async () => {
  const id = await api.newJob();
  const held = await api.worker.claim(id);
  const next = await queuedJobs();
  await api.worker.settle(held, { status: 'COMPLETED', output: null, error: null });
  expect(await next()).toEqual([]);
});
