import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ActivityRecord, readActivities, recordActivities } from '../src/activities.ts';
import { setJobBudget } from '../src/budget-limits.ts';
import { readJobBudgets, readStepBudgets } from '../src/budget-views.ts';
import { releaseReservations, reserve } from '../src/budgets.ts';
import { costsByModel, type NewCostEntry, recordCosts, sumCosts } from '../src/costs.ts';
import type { ClaimedJob } from '../src/executions.ts';
import { newId } from '../src/ids.ts';
import { takeOverLostJobs } from '../src/takeover.ts';
import { createFixture, type Fixture, TENANT, threeSteps } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture({ ...threeSteps, budgets: [{ microUsd: 1_000, action: 'fail' }] });
});
afterAll(() => fixture.close());

function ownerOf(job: ClaimedJob, epoch = job.epoch) {
  return { jobId: job.id, epoch, stepId: job.steps[0]?.id ?? '', attempt: 1 };
}

function wish(job: ClaimedJob, microUsd: bigint) {
  return { id: newId(), model: 'm', microUsd, tokens: 10, stepRule: undefined, budgetStepId: job.steps[0]?.id ?? '' };
}

function entry(microUsd: string | null, reservationId: string | null = null): NewCostEntry {
  return {
    id: newId(),
    model: 'm',
    microUsd,
    inputTokens: '3',
    outputTokens: '4',
    priceVersion: 'list 1',
    partial: false,
    reservationId,
  };
}

const budgetOf = async (job: ClaimedJob) => (await readJobBudgets(fixture.db, [job.id])).get(job.id);

describe('a reservation', () => {
  test('holds its room until it is settled, and then only what the call has cost', async () => {
    const job = await fixture.newClaimedJob();
    const [first, second] = [wish(job, 600n), wish(job, 600n)];
    expect(await reserve(fixture.db, ownerOf(job), first)).toMatchObject({ outcome: 'granted', limited: true });
    expect(await reserve(fixture.db, ownerOf(job), second)).toMatchObject({
      outcome: 'refused',
      by: { scope: 'JOB', action: 'fail', limitMicroUsd: 1_000n, usedMicroUsd: 600n },
    });
    await recordCosts(fixture.db, ownerOf(job), [entry('250', first.id)]);
    expect(await budgetOf(job)).toMatchObject({
      spentMicroUsd: 250n,
      spentTokens: 7n,
      reservedMicroUsd: 0n,
      reservedTokens: 0n,
    });
    expect(await reserve(fixture.db, ownerOf(job), second)).toMatchObject({ outcome: 'granted' });
    await releaseReservations(fixture.db, [second.id]);
    expect(await budgetOf(job)).toMatchObject({ spentMicroUsd: 250n, reservedMicroUsd: 0n });
  });

  test('is made once, however often it is asked for, and settled once', async () => {
    const job = await fixture.newClaimedJob();
    const asked = wish(job, 900n);
    for (let times = 0; times < 3; times += 1) {
      expect(await reserve(fixture.db, ownerOf(job), asked)).toMatchObject({ outcome: 'granted' });
    }
    expect(await budgetOf(job)).toMatchObject({ reservedMicroUsd: 900n });
    const settled = entry('100', asked.id);
    for (let times = 0; times < 3; times += 1)
      expect(await recordCosts(fixture.db, ownerOf(job), [settled])).toBe(true);
    expect(await budgetOf(job)).toMatchObject({ spentMicroUsd: 100n, reservedMicroUsd: 0n });
    expect((await sumCosts(fixture.db, [job.id])).get(job.id)).toMatchObject({ microUsd: 100n });
  });

  test('many at once never pass the limit together', async () => {
    const job = await fixture.newClaimedJob();
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => reserve(fixture.db, ownerOf(job), wish(job, 70n))),
    );
    expect(answers.filter(({ outcome }) => outcome === 'granted')).toHaveLength(14);
    expect(await budgetOf(job)).toMatchObject({ reservedMicroUsd: 980n });
  });

  test('of a worker that lost the job is refused, and so are its costs and activities', async () => {
    const job = await fixture.newClaimedJob();
    const stale = ownerOf(job, job.epoch - 1);
    expect(await reserve(fixture.db, stale, wish(job, 1n))).toEqual({ outcome: 'lost' });
    expect(await recordCosts(fixture.db, stale, [entry('1')])).toBe(false);
    expect(await recordActivities(fixture.db, stale, [activity()])).toBe(false);
  });

  test('of a lost worker is given back; what its model was doing leaves the cost incomplete', async () => {
    const job = await fixture.newClaimedJob();
    await reserve(fixture.db, ownerOf(job), wish(job, 400n));
    await recordActivities(fixture.db, ownerOf(job), [activity()]);
    await fixture.db.pool.query(`UPDATE execution SET lease_expires_at = now() - interval '1 s' WHERE job_id = $1`, [
      job.id,
    ]);
    await takeOverLostJobs(fixture.db, 10);
    expect(await budgetOf(job)).toMatchObject({ spentMicroUsd: 0n, reservedMicroUsd: 0n });
    const page = { attempt: null, limit: 10, backward: false };
    expect(await readActivities(fixture.db, ownerOf(job).stepId, page)).toMatchObject([
      { status: 'FAILED', error: expect.stringContaining('was lost'), partial: true },
    ]);
    expect((await sumCosts(fixture.db, [job.id])).get(job.id)).toMatchObject({ costPartial: true });
  });
});

describe('costs', () => {
  test('are summed exactly, an unknown price apart, and told by model', async () => {
    const job = await fixture.newClaimedJob();
    await recordCosts(fixture.db, ownerOf(job), [
      entry('9007199254740993'),
      entry('2'),
      { ...entry(null), model: 'unknown/one' },
    ]);
    const expected = { microUsd: 9_007_199_254_740_995n, inputTokens: 9n, outputTokens: 12n };
    expect((await sumCosts(fixture.db, [job.id])).get(job.id)).toEqual({
      ...expected,
      unpricedModels: ['unknown/one'],
      costPartial: false,
    });
    expect(await costsByModel(fixture.db, job.id)).toMatchObject([
      { model: 'm', calls: 2, microUsd: expected.microUsd, priceVersion: 'list 1', unpricedCalls: 0 },
      { model: 'unknown/one', calls: 1, unpricedCalls: 1 },
    ]);
  });

  test('that nobody reserved count against budgets all the same', async () => {
    const job = await fixture.newClaimedJob();
    await setJobBudget(fixture.db, TENANT, job.id, 'first', { microUsd: null, tokens: 100n, action: 'WARN' });
    await reserve(fixture.db, ownerOf(job), wish(job, 1n));
    await recordCosts(fixture.db, ownerOf(job), [entry('5')]);
    expect(await budgetOf(job)).toMatchObject({ spentMicroUsd: 5n });
    const stepId = ownerOf(job).stepId;
    expect((await readStepBudgets(fixture.db, [stepId])).get(stepId)).toMatchObject({
      scope: 'STEP',
      action: 'WARN',
      limitTokens: 100n,
      spentTokens: 7n,
      reservedTokens: 10n,
    });
  });
});

describe('a budget set by hand', () => {
  test('takes the place of the workflow’s, begins with what was spent, and can be taken back', async () => {
    const job = await fixture.newClaimedJob();
    await recordCosts(fixture.db, ownerOf(job), [entry('300')]);
    await setJobBudget(fixture.db, TENANT, job.id, null, { microUsd: 5_000n, tokens: null, action: null });
    expect(await budgetOf(job)).toMatchObject({
      limitMicroUsd: 5_000n,
      spentMicroUsd: 300n,
      action: 'FAIL',
      setByHand: true,
    });
    expect(await reserve(fixture.db, ownerOf(job), wish(job, 4_000n))).toMatchObject({ outcome: 'granted' });
    await setJobBudget(fixture.db, TENANT, job.id, null, { microUsd: null, tokens: null, action: null });
    expect(await budgetOf(job)).toMatchObject({ limitMicroUsd: 1_000n, setByHand: false });
  });

  test('of what is not there is refused', async () => {
    const limit = { microUsd: 1n, tokens: null, action: null };
    await expect(setJobBudget(fixture.db, TENANT, newId(), null, limit)).rejects.toThrow('no job');
    await expect(setJobBudget(fixture.db, TENANT, await fixture.newJob(), 'nope', limit)).rejects.toThrow(
      'no step "nope"',
    );
  });
});

function activity(): ActivityRecord {
  const nothing = { input: null, output: null, error: null, microUsd: null, inputTokens: null, outputTokens: null };
  return {
    ...nothing,
    id: newId(),
    parentId: null,
    kind: 'MODEL_TURN',
    name: 'm',
    status: 'RUNNING',
    partial: false,
    startedAt: new Date().toISOString(),
    completedAt: null,
  };
}
