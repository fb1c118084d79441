import { claimJob } from '@signalbox/db/executions';
import { newId } from '@signalbox/db/ids';
import type { WorkflowVersionRow } from '@signalbox/db/workflows';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ApiFixture, createApiFixture } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

interface Pace {
  id: string;
  startedAt: string;
  slow: boolean;
  slowAt: string | null;
  usualDurationMs: number | null;
  progress: { expectedCompletionAt: string | null };
}

const PACE = 'id startedAt slow slowAt usualDurationMs progress { expectedCompletionAt }';

async function ask(id: string): Promise<Pace> {
  const { data } = await api.query<{ job: Pace }>(`query ($id: ID!) { job(id: $id) { ${PACE} } }`, { id });
  return data.job;
}

const save = (slug: string, keys: readonly string[]) =>
  api.saveWorkflow(
    `slug: ${slug}\nname: Paced\nsteps:\n${keys.map((key) => `  - { key: ${key}, type: command, with: { run: 'true' } }`).join('\n')}\n`,
  );

/** Sets the times of a job as if it had started so many seconds ago, and its steps, each of so many seconds, one after the other. */
async function setTimes(id: string, secondsAgo: number, steps: readonly number[]): Promise<void> {
  const { pool } = api.services.db;
  await pool.query(
    `WITH job AS (
       UPDATE job SET started_at = now() - make_interval(secs => $2), queued_at = now() - make_interval(secs => $2) WHERE id = $1
     ), held AS (
       UPDATE execution SET started_at = now() - make_interval(secs => $2),
         completed_at = CASE WHEN completed_at IS NOT NULL THEN now() END
       WHERE job_id = $1
     ), step AS (
       SELECT s.id, took, sum(took) OVER (ORDER BY index) - took - $2::float8 AS start
       FROM job_step s JOIN unnest($3::float8[]) WITH ORDINALITY AS given(took, place) ON place = s.index + 1 WHERE s.job_id = $1
     )
     UPDATE job_step SET
       status = (CASE WHEN start + took <= 0 THEN 'COMPLETED' WHEN start <= 0 THEN 'RUNNING' ELSE 'PENDING' END)::step_status,
       started_at = CASE WHEN start <= 0 THEN now() + make_interval(secs => start) END,
       completed_at = CASE WHEN start + took <= 0 THEN now() + make_interval(secs => start + took) END
     FROM step WHERE job_step.id = step.id`,
    [id, secondsAgo, steps],
  );
}

const total = (steps: readonly number[]) => steps.reduce((sum, took) => sum + took, 0);

async function pastRun(workflow: WorkflowVersionRow, steps: readonly number[]): Promise<void> {
  const id = await api.newJob({ workflow, input: {} });
  await api.worker.finish(id);
  await setTimes(id, total(steps), steps);
}

async function runningJob(workflow: WorkflowVersionRow, secondsAgo: number, steps: readonly number[]): Promise<string> {
  const id = await api.newJob({ workflow, input: {} });
  await claimJob(api.services.db, id, { workerId: newId(), workerName: 'pace', leaseSeconds: 30 });
  await setTimes(id, secondsAgo, steps);
  return id;
}

/** The same numbers in every run of the tests, from 0.5 to 1.5. */
function spread(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return 0.5 + state / 2 ** 32;
  };
}

test('after 20 runs the end of a job is known at half way, and an overdue one is not expected in the past', async () => {
  const workflow = await save('learnt', ['a', 'b', 'c', 'd']);
  const next = spread(3);
  const run = () => [300, 900, 120, 480].map((seconds) => seconds * next());
  for (let past = 0; past < 20; past += 1) await pastRun(workflow, run());
  const errors: number[] = [];
  for (let job = 0; job < 9; job += 1) {
    const steps = run();
    const { progress, startedAt } = await ask(await runningJob(workflow, total(steps) / 2, steps));
    const expected = (Date.parse(progress.expectedCompletionAt ?? '') - Date.parse(startedAt)) / 1_000;
    errors.push(Math.abs(expected - total(steps)) / total(steps));
  }
  expect(errors.toSorted((one, other) => one - other)[4]).toBeLessThan(0.2);
  const overdue = await runningJob(workflow, 50_000, [300, 900, 120, 90_000]);
  const asked = Date.now();
  expect(Date.parse((await ask(overdue)).progress.expectedCompletionAt ?? '')).toBeGreaterThan(asked);
});

test('a job is slow once it runs well longer than usual; with few runs none is', async () => {
  const workflow = await save('slow', ['a']);
  const fresh = await ask(await runningJob(workflow, 1_000, [9_000]));
  expect(fresh).toMatchObject({ slow: false, slowAt: null, usualDurationMs: null });
  expect(fresh.progress.expectedCompletionAt).toBeNull();
  for (const seconds of [100, 110, 90, 105]) await pastRun(workflow, [seconds]);
  const few = await ask(await runningJob(workflow, 1_000, [9_000]));
  expect(few).toMatchObject({ slow: false, slowAt: null });
  expect(few.progress.expectedCompletionAt).not.toBeNull();
  await pastRun(workflow, [95]);
  const normal = await ask(await runningJob(workflow, 140, [9_000]));
  expect(normal).toMatchObject({ slow: false, usualDurationMs: expect.closeTo(100_000, -3) });
  const slow = await ask(await runningJob(workflow, 400, [9_000]));
  expect(slow.slow).toBe(true);
  const threshold = Date.parse(slow.slowAt ?? '') - Date.parse(slow.startedAt);
  expect(threshold).toBeGreaterThan(150_000);
  expect(threshold).toBeLessThan(300_000);
  const done = await api.newJob({ workflow, input: {} });
  await api.worker.finish(done);
  expect(await ask(done)).toMatchObject({ slow: false, slowAt: null, progress: { expectedCompletionAt: null } });
});

test('a new version is compared with the ones before until it has runs enough of its own', async () => {
  const old = await save('versions', ['a']);
  for (let past = 0; past < 6; past += 1) await pastRun(old, [100]);
  const renewed = await save('versions', ['a', 'b']);
  const usual = async () => (await ask(await runningJob(renewed, 1, [1, 1]))).usualDurationMs;
  expect(await usual()).toBeCloseTo(100_000, -3);
  for (let past = 0; past < 5; past += 1) await pastRun(renewed, [5, 5]);
  expect(await usual()).toBeCloseTo(10_000, -3);
});

test('however many jobs are asked about, it takes one statement of each kind', async () => {
  const names = ['look-at-runs', 'usual-runs'];
  const asked = vi.spyOn(api.services.db.pool, 'query');
  for (const [slug, jobs] of [
    ['one', 1],
    ['twelve', 12],
  ] as const) {
    const workflow = await save(slug, ['a', 'b']);
    await pastRun(workflow, [1, 1]);
    for (let job = 0; job < jobs; job += 1) await runningJob(workflow, 1, [2, 2]);
    asked.mockClear();
    const { errors } = await api.query(
      `{ jobs(first: 30, filter: { workflow: ["${slug}"] }) { edges { node { ${PACE} } } } }`,
    );
    expect(errors).toBeUndefined();
    const made = asked.mock.calls.map(([statement]: unknown[]) => (statement as { name?: string }).name ?? '');
    expect(made.filter((name) => names.includes(name)).sort()).toEqual(names);
  }
  asked.mockRestore();
});
