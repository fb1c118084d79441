import { pauseHeldJob, requestPause } from '@signalbox/db/pause';
import { markWorkerStopped } from '@signalbox/db/workers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture, TENANT } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

interface Job {
  waitingFor: { reason: string; message: string } | null;
  rootCause: { message: string; category: string; step: { key: string } | null } | null;
  progress: { expectedCompletionAt: string | null };
  startedAt: string;
}

async function ask(id: string): Promise<Job> {
  const { data } = await api.query<{ job: Job }>(
    `query ($id: ID!) { job(id: $id) { startedAt waitingFor { reason message } rootCause { message category step { key } }
      progress { expectedCompletionAt } } }`,
    { id },
  );
  return data.job;
}

describe('waitingFor', () => {
  test('says who has to act on a job that was not started or is paused, and nothing about one that runs or is done', async () => {
    const created = await api.newJob({ start: false });
    expect((await ask(created)).waitingFor).toMatchObject({ reason: 'START' });
    const id = await api.newJob();
    const { epoch } = await api.worker.claim(id);
    expect((await ask(id)).waitingFor).toBeNull();
    await requestPause(api.services.db, TENANT, id);
    await pauseHeldJob(api.services.db, { jobId: id, epoch });
    expect((await ask(id)).waitingFor).toMatchObject({ reason: 'RESUME' });
    const done = await api.newJob();
    await api.worker.finish(done);
    expect((await ask(done)).waitingFor).toBeNull();
  });

  test('of a queued job names the worker, the step type, the slot or the turn that it waits for', async () => {
    const { db } = api.services;
    const first = await api.newJob({ priority: 'HIGH' });
    const id = await api.newJob();
    expect((await ask(id)).waitingFor).toEqual({
      reason: 'WORKER',
      message: 'No healthy worker serves the queue "default". Start one. 1 job comes before it.',
    });
    await api.worker.register(TENANT, ['command']);
    expect((await ask(id)).waitingFor).toMatchObject({
      reason: 'STEP_TYPE',
      message: expect.stringContaining('has the step type "prompt"'),
    });
    await db.pool.query(`UPDATE worker_step_type SET type = 'prompt'`);
    await db.pool.query(`UPDATE job_step SET type = 'prompt' WHERE job_id = $1`, [id]);
    expect((await ask(id)).waitingFor).toEqual({
      reason: 'TURN',
      message: 'A worker of the queue "default" has room. 1 job comes before it.',
    });
    await api.worker.claim(first);
    await db.pool.query('UPDATE worker SET concurrency = 1');
    expect((await ask(id)).waitingFor).toEqual({
      reason: 'SLOT',
      message: 'No slot of the queue "default" is free: 1 of 1 are taken. It is the next.',
    });
    await markWorkerStopped(db, api.worker.id);
    expect((await ask(id)).waitingFor).toMatchObject({ reason: 'WORKER' });
  });
});

test('rootCause is the step that failed first, or the error of the job itself', async () => {
  const workflow = await api.saveWorkflow(`slug: causes
name: Causes
steps:
  - { key: tolerated, type: command, needs: [], continueOnError: true, with: { run: 'false' } }
  - { key: late, type: command, needs: [], with: { run: 'false' } }
  - { key: early, type: command, needs: [], with: { run: 'false' } }
`);
  const id = await api.newJob({ workflow, input: {} });
  const job = await api.worker.claim(id);
  const cost = { microUsd: '0', inputTokens: '0', outputTokens: '0' };
  for (const key of ['tolerated', 'early', 'late']) {
    await api.worker.start(job, key);
    const stepId = job.steps.find((step) => step.key === key)?.id ?? '';
    const error = { message: `${key} broke`, category: 'PROCESS' as const };
    await api.worker.record(job, { ended: [{ stepId, attempt: 1, status: 'FAILED', output: null, error, ...cost }] });
  }
  expect((await ask(id)).rootCause).toBeNull();
  const error = { message: 'late broke', category: 'PROCESS' as const, stepKey: 'late' };
  await api.worker.settle(job, { status: 'FAILED', output: null, error }, 3);
  expect((await ask(id)).rootCause).toEqual({ message: 'early broke', category: 'PROCESS', step: { key: 'early' } });

  const other = await api.newJob();
  await api.worker.fail(other, 'nothing to blame');
  expect((await ask(other)).rootCause).toEqual({ message: 'nothing to blame', category: 'PROCESS', step: null });
});

test('expectedCompletionAt is learnt from the median of completed jobs of the same version', async () => {
  const workflow = await api.saveWorkflow(`slug: timed
name: Timed
steps: [{ key: one, type: command, with: { run: 'true' } }]
`);
  const running = async () => {
    const id = await api.newJob({ workflow, input: {} });
    await api.worker.claim(id);
    return ask(id);
  };
  expect((await running()).progress.expectedCompletionAt).toBeNull();
  for (const seconds of [600, 60, 7_200]) {
    const id = await api.newJob({ workflow, input: {} });
    await api.worker.finish(id);
    await api.services.db.pool.query(
      'UPDATE job SET started_at = completed_at - make_interval(secs => $2) WHERE id = $1',
      [id, seconds],
    );
  }
  const { progress, startedAt } = await running();
  expect(Date.parse(progress.expectedCompletionAt ?? '') - Date.parse(startedAt)).toBe(600_000);
});
