import { currentEventPosition, type JobEventRow, readEventsAfter } from '@signalbox/db/events';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import type { JobFilter } from '@signalbox/db/job-filter';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JobScope } from '../src/live/job-scope.ts';
import { type ApiFixture, createApiFixture } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

/** A list, and what happens from now on, batch by batch. */
async function list(filter: JobFilter): Promise<{ scope: JobScope; happened: () => Promise<JobEventRow[]> }> {
  const { db } = api.services;
  const scope = new JobScope({ tenantId: DEFAULT_TENANT_ID, filter });
  await scope.prepare(db);
  let place = await currentEventPosition(db);
  const happened = async () => {
    const all: JobEventRow[] = [];
    // A transaction that still runs, whoever's it is, hides what comes behind it.
    for (let more = true; more; ) {
      const batch = await readEventsAfter(db, place, 100);
      all.push(...batch.events);
      const last = batch.events.at(-1);
      if (last) place = { xid: last.xid, id: last.id };
      more = batch.more;
    }
    return all;
  };
  return { scope, happened };
}

/** Gives the jobs that readers of a list of queued jobs are told of, batch by batch. */
async function queuedJobs(): Promise<() => Promise<string[]>> {
  const { happened, scope } = await list({ status: ['QUEUED'] });
  return async () => (await scope.newChanges(api.services.db, await happened())).map((change) => change.jobId);
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

test('a job that only a newcomer was told of is told of further: it may have seen the job match before all others', async () => {
  const { db } = api.services;
  const { happened, scope } = await list({ priority: ['HIGH'], status: ['QUEUED'] });
  const id = await api.newJob();
  const created = await happened();
  expect(await scope.newChanges(db, created)).toEqual([]);
  expect(await scope.pastChanges(db, created)).toMatchObject([{ jobId: id }]);
  // It matches for a moment, in which the newcomer may look at it.
  await api.query('mutation ($id: ID!) { setJobPriority(id: $id, priority: HIGH) { __typename } }', { id });
  await api.worker.claim(id);
  expect(await scope.newChanges(db, await happened())).toMatchObject([{ jobId: id }]);
});
