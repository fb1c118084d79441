import { failJobByHand } from '@signalbox/db/fail-by-hand';
import { retryJob } from '@signalbox/db/requeue';
import { takeOverLostJobs } from '@signalbox/db/takeover';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture, TENANT } from './fixture.ts';
import { Scene, stepId } from './scene.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

interface Job {
  rootCause: { message: string; category: string; step: { key: string } | null } | null;
}

async function ask(id: string): Promise<Job> {
  const { data } = await api.query<{ job: Job }>(
    `query ($id: ID!) { job(id: $id) { rootCause { message category step { key } } } }`,
    { id },
  );
  return data.job;
}

const step = (key: string, more = '') => `  - { key: ${key}, type: command, needs: [], with: { run: 'false' }${more} }`;
const broken = (message: string) => ({ message, category: 'PROCESS' }) as const;

/** Claims a job with these steps, which does nothing yet. */
async function claimed(...steps: string[]) {
  const scene = new Scene(api);
  return { scene, job: await scene.claim(await scene.job({ steps: steps.join('\n') })) };
}

/** Moves the end of a step back, so that it is not told by the index which of two in a moment was first. */
async function endEarlier(id: string): Promise<void> {
  const { pool } = api.services.db;
  await pool.query(`UPDATE job_step SET completed_at = completed_at - interval '1 s' WHERE id = $1`, [id]);
}

describe('rootCause', () => {
  test('is the step that failed first, those left out that may fail', async () => {
    const { job, scene } = await claimed(step('tolerated', ', continueOnError: true'), step('late'), step('early'));
    for (const key of ['tolerated', 'early', 'late']) {
      await scene.start(job, key);
      await scene.fail(job, stepId(job, key), `${key} broke`);
    }
    await endEarlier(stepId(job, 'tolerated'));
    await endEarlier(stepId(job, 'early'));
    expect((await ask(job.id)).rootCause).toBeNull();
    await scene.settle(job, { ...broken('late broke'), stepKey: 'late' });
    expect((await ask(job.id)).rootCause).toEqual({ ...broken('early broke'), step: { key: 'early' } });
  });

  test('is the error of the job itself when no step is to blame', async () => {
    const id = await api.newJob();
    await api.worker.fail(id, 'nothing to blame');
    expect((await ask(id)).rootCause).toEqual({ ...broken('nothing to blame'), step: null });
    const stuck = await api.newJob();
    await failJobByHand(api.services.db, TENANT, stuck, 'nobody takes it');
    expect((await ask(stuck)).rootCause).toMatchObject({ category: 'CONFIGURATION', step: null });
  });

  test('of a list is the item that failed first, even when both fail at the same moment', async () => {
    const { job, scene } = await claimed(step('each', ', forEach: [0, 1]'));
    const items = await scene.expand(job, 'each', 2, 2);
    const list = {
      stepId: stepId(job, 'each'),
      status: 'FAILED',
      because: null,
      error: broken('an item failed'),
    } as const;
    await scene.fail(job, items[1] ?? '', 'the second broke', { closed: [list] });
    await scene.settle(job, { ...broken('an item failed'), stepKey: 'each' });
    expect((await ask(job.id)).rootCause).toEqual({ ...broken('the second broke'), step: { key: 'each[1]' } });
  });

  test('is no item of a list that may fail', async () => {
    const { job, scene } = await claimed(step('each', ', forEach: [0], continueOnError: true'), step('other'));
    const [item = ''] = await scene.expand(job, 'each', 1, 1);
    await scene.fail(job, item, 'the item broke');
    await scene.start(job, 'other');
    await scene.fail(job, stepId(job, 'other'), 'other broke');
    await scene.settle(job, { ...broken('other broke'), stepKey: 'other' });
    expect((await ask(job.id)).rootCause).toEqual({ ...broken('other broke'), step: { key: 'other' } });
  });

  test('of a job that was tried again is what broke it this time', async () => {
    const { job, scene } = await claimed(step('a'), step('b'));
    await scene.start(job, 'a', 'b');
    await scene.fail(job, stepId(job, 'a'), 'a broke');
    await scene.complete(job, 'b');
    await scene.settle(job, { ...broken('a broke'), stepKey: 'a' });
    await retryJob(api.services.db, TENANT, job.id);
    expect((await ask(job.id)).rootCause).toBeNull();
    const again = await scene.claim(job.id);
    await scene.record(again, { started: [{ stepId: stepId(again, 'a'), attempt: 2, input: {}, uses: null }] });
    await scene.fail(again, stepId(again, 'a'), 'a broke again', {}, 2);
    await scene.settle(again, { ...broken('a broke again'), stepKey: 'a' });
    expect((await ask(job.id)).rootCause).toEqual({ ...broken('a broke again'), step: { key: 'a' } });
  });

  test('of a job whose worker was lost is the step that ran, unless another had failed before', async () => {
    const lose = async (failing: boolean) => {
      const { job, scene } = await claimed(step('a'), step('b'));
      await scene.start(job, 'a', 'b');
      if (failing) {
        await scene.fail(job, stepId(job, 'b'), 'b broke');
        await endEarlier(stepId(job, 'b'));
      } else await scene.complete(job, 'b');
      await api.services.db.pool.query(
        `UPDATE execution SET lease_expires_at = now() - interval '1 s' WHERE job_id = $1`,
        [job.id],
      );
      await takeOverLostJobs(api.services.db, 10);
      return (await ask(job.id)).rootCause;
    };
    expect(await lose(false)).toMatchObject({ category: 'WORKER_LOST', step: { key: 'a' } });
    expect(await lose(true)).toEqual({ ...broken('b broke'), step: { key: 'b' } });
  });
});
