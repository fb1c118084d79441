import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

interface Job {
  rootCause: { message: string; category: string; step: { key: string } | null } | null;
  progress: { expectedCompletionAt: string | null };
  startedAt: string;
}

async function ask(id: string): Promise<Job> {
  const { data } = await api.query<{ job: Job }>(
    `query ($id: ID!) { job(id: $id) { startedAt rootCause { message category step { key } }
      progress { expectedCompletionAt } } }`,
    { id },
  );
  return data.job;
}

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
