import { once } from 'node:events';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimJobs } from '../src/executions.ts';
import { newId } from '../src/ids.ts';
import { rerunJob } from '../src/jobs.ts';
import { createFixture, type Fixture, TENANT, worker } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
  // The first job of a queue makes the library know it.
  await fixture.newJob();
});
afterAll(() => fixture.close());

const taskOf = async (jobId: string) => {
  const { rows } = await fixture.db.pool.query<Record<string, unknown>>(
    `SELECT to_jsonb(task) - '{id,key,payload,run_at,created_at,updated_at}'::text[] AS task, payload, key
     FROM graphile_worker._private_jobs task WHERE key = $1`,
    [`job:${jobId}`],
  );
  return rows;
};

test("the task of a new job is the same as the queue library's own function makes", async () => {
  const job = await fixture.newJob({ priority: 'HIGH' });
  const [silent, ...others] = await taskOf(job);
  expect(others).toEqual([]);
  expect(silent).toMatchObject({ payload: { jobId: job }, key: `job:${job}` });
  await fixture.db.pool.query(
    `UPDATE job SET status = 'COMPLETED', started_at = now(), completed_at = now() WHERE id = $1`,
    [job],
  );
  const [told] = await taskOf(await rerunJob(fixture.db, TENANT, job));
  expect(silent?.task).toEqual(told?.task);
});

test('workers are called once the new job can be seen', async () => {
  const listener = new pg.Client({ connectionString: fixture.db.url });
  await listener.connect();
  await listener.query('LISTEN "jobs:insert"');
  const called = once(listener, 'notification');
  await fixture.newJob();
  expect(await called).toMatchObject([{ channel: 'jobs:insert', payload: '{"count" : 1}' }]);
  await listener.end();
});

test('several jobs are claimed at once, each with its own execution, and those that are not to be had are left out', async () => {
  const jobs = await Promise.all([fixture.newJob(), fixture.newJob(), fixture.newJob({ start: false })]);
  const claimed = await claimJobs(fixture.db, [...jobs, newId()], worker());
  expect([...claimed.keys()].sort()).toEqual(jobs.slice(0, 2).sort());
  expect(new Set([...claimed.values()].map(({ executionId }) => executionId)).size).toBe(2);
  for (const { definition, epoch, steps } of claimed.values()) {
    expect([epoch, definition.slug, steps.map(({ key }) => key)]).toEqual([
      1,
      'three-steps',
      ['first', 'second', 'third'],
    ]);
  }
  expect((await claimJobs(fixture.db, jobs, worker())).size).toBe(0);
});
