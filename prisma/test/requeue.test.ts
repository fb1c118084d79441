import type { StepDefinition } from '@signalbox/core/definition';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requestCancel } from '../src/cancel.ts';
import { type ClaimedJob, claimJob } from '../src/executions.ts';
import { newId } from '../src/ids.ts';
import type { JobChange } from '../src/job-change.ts';
import { readLogLinesAfter } from '../src/logs.ts';
import { recordChanges } from '../src/progress.ts';
import { resumeJob, retryJob } from '../src/requeue.ts';
import { takeOverLostJobs } from '../src/takeover.ts';
import { createFixture, type Fixture, TENANT, threeSteps, worker } from './fixture.ts';
import { waitingForLocks } from './locks.ts';

const step = (key: string, needs: string[], more: Partial<StepDefinition> = {}): StepDefinition => ({
  key,
  name: key,
  type: 'command',
  needs,
  with: { run: 'true' },
  ...more,
});

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture({
    ...threeSteps,
    steps: [
      step('build', []),
      step('lint', ['build'], { continueOnError: true }),
      step('test', ['build'], { retry: { attempts: 2, delayMs: 1, factor: 1, maxDelayMs: 1 } }),
      step('ship', ['test']),
    ],
  });
});
afterAll(() => fixture.close());

const cost = { microUsd: '0', inputTokens: '0', outputTokens: '0' };
const failure = { message: 'it broke', category: 'PROCESS' as const };
const idOf = (job: ClaimedJob, key: string) => job.steps.find((one) => one.key === key)?.id ?? '';

async function record(job: ClaimedJob, change: Partial<JobChange>): Promise<void> {
  await recordChanges(fixture.db, [
    { jobId: job.id, epoch: job.epoch, completedSteps: 0, currentStepKey: null, stepPercent: 0, ...change },
  ]);
}

/** build completed, lint failed without consequences, test failed for good at its second try, ship was skipped after it. */
async function failedJob(): Promise<ClaimedJob> {
  const job = await fixture.newClaimedJob();
  const start = (key: string, attempt: number) => ({ stepId: idOf(job, key), attempt, input: {}, uses: null });
  const end = (key: string, attempt: number, more = {}) => {
    return {
      stepId: idOf(job, key),
      attempt,
      status: 'FAILED' as const,
      output: null,
      error: failure,
      ...cost,
      ...more,
    };
  };
  await record(job, { started: [start('build', 1)] });
  await record(job, {
    ended: [end('build', 1, { status: 'COMPLETED', error: null, output: { n: 1 } })],
    started: [start('lint', 1), start('test', 1)],
  });
  await record(job, { ended: [end('lint', 1), end('test', 1, { again: true })] });
  await record(job, { started: [start('test', 2)] });
  await record(job, {
    completedSteps: 4,
    ended: [end('test', 2)],
    closed: [{ stepId: idOf(job, 'ship'), status: 'SKIPPED', because: 'needs test, which failed', error: null }],
    settled: { status: 'FAILED', output: null, error: { ...failure, stepKey: 'test' } },
  });
  return job;
}

async function statuses(jobId: string): Promise<string> {
  const rows = await fixture.db.prisma.jobStep.findMany({ where: { jobId }, orderBy: { index: 'asc' } });
  return rows.map(({ key, status }) => `${key} ${status}`).join(', ');
}

describe('retry', () => {
  test('queues a failed job with its completed steps kept and all others as if they had not run', async () => {
    const { id } = await failedJob();
    await retryJob(fixture.db, TENANT, id);
    expect(await statuses(id)).toBe('build COMPLETED, lint PENDING, test PENDING, ship PENDING');
    expect(await fixture.db.prisma.job.findUniqueOrThrow({ where: { id } })).toMatchObject({
      status: 'QUEUED',
      completedSteps: 1,
      completedAt: null,
      errorMessage: null,
      errorCategory: null,
      errorStepKey: null,
      lostWorkers: 0,
    });
    expect(await fixture.db.prisma.jobStep.findFirstOrThrow({ where: { jobId: id, key: 'test' } })).toMatchObject({
      errorMessage: null,
      errorCategory: null,
      completedAt: null,
      attemptNumber: 2,
    });
    expect(await fixture.db.prisma.jobStep.findFirstOrThrow({ where: { jobId: id, key: 'ship' } })).toMatchObject({
      skippedBecause: null,
    });
    expect((await readLogLinesAfter(fixture.db, id, 0, 10)).map(({ message, stream }) => [stream, message])).toEqual([
      ['SYSTEM', 'Job retried: steps that were not completed run again (3 of 4)'],
    ]);
    const { rows } = await fixture.db.pool.query('SELECT 1 FROM graphile_worker.jobs WHERE key = $1', [`job:${id}`]);
    expect(rows).toHaveLength(1);
  });

  test('forgets earlier failures for the budget of tries, and numbers the attempts on', async () => {
    const { id } = await failedJob();
    await retryJob(fixture.db, TENANT, id);
    const again = await claimJob(fixture.db, id, worker());
    expect(again?.steps[2]).toMatchObject({ key: 'test', status: 'PENDING', attemptNumber: 2, failures: 0 });
    expect(await fixture.db.prisma.stepAttempt.count({ where: { step: { jobId: id, key: 'test' } } })).toBe(2);
  });

  test('gives a step whose tries were used up another one after its worker was lost', async () => {
    const { id } = await failedJob();
    await retryJob(fixture.db, TENANT, id);
    const again = await claimJob(fixture.db, id, worker());
    if (!again) throw new Error('not claimed');
    await record(again, { started: [{ stepId: idOf(again, 'test'), attempt: 3, input: {}, uses: null }] });
    await fixture.db.pool.query(
      `UPDATE execution SET lease_expires_at = now() - interval '1 second' WHERE job_id = $1`,
      [id],
    );
    expect(await takeOverLostJobs(fixture.db, 10)).toEqual([{ jobId: id, outcome: 'QUEUED' }]);
  });

  test('brings a cancelled job back and takes the mark of the cancel off it', async () => {
    const id = await fixture.newJob();
    await requestCancel(fixture.db, TENANT, id, true);
    await retryJob(fixture.db, TENANT, id);
    expect(await fixture.db.prisma.job.findUniqueOrThrow({ where: { id } })).toMatchObject({
      status: 'QUEUED',
      cancelRequestedAt: null,
      cancelForced: false,
      completedAt: null,
    });
    expect(await statuses(id)).toBe('build PENDING, lint PENDING, test PENDING, ship PENDING');
  });

  test('asked for by many at once happens once', async () => {
    const { id } = await failedJob();
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => retryJob(fixture.db, TENANT, id)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: {
        name: 'ConflictError',
        message: 'A job that is QUEUED cannot be retried.',
        allowed: ['CANCEL', 'SET_PRIORITY'],
      },
    });
  });

  test('waits for whoever is settling the job, and then sees its steps as they are', async () => {
    const { id } = await failedJob();
    const client = await fixture.db.pool.connect();
    await client.query('BEGIN');
    await client.query(`UPDATE job SET updated_at = now() WHERE id = $1`, [id]);
    await client.query(`UPDATE job_step SET status = 'COMPLETED' WHERE job_id = $1 AND key = 'lint'`, [id]);
    const retried = retryJob(fixture.db, TENANT, id);
    while ((await waitingForLocks(fixture.db)) === 0);
    await client.query('COMMIT');
    client.release();
    await retried;
    expect(await statuses(id)).toBe('build COMPLETED, lint COMPLETED, test PENDING, ship PENDING');
  });

  test('of a job of another tenant is as unknown as any', async () => {
    const { id } = await failedJob();
    await expect(retryJob(fixture.db, newId(), id)).rejects.toMatchObject({ name: 'NotFoundError' });
    await expect(retryJob(fixture.db, TENANT, 'nonsense')).rejects.toMatchObject({ name: 'NotFoundError' });
  });
});

describe('resume', () => {
  test('lets a failed job go on from its failed step; a step that may fail stays failed', async () => {
    const { id } = await failedJob();
    await resumeJob(fixture.db, TENANT, id);
    expect(await statuses(id)).toBe('build COMPLETED, lint FAILED, test PENDING, ship PENDING');
    expect(await fixture.db.prisma.job.findUniqueOrThrow({ where: { id } })).toMatchObject({
      status: 'QUEUED',
      completedSteps: 2,
      errorMessage: null,
    });
    expect((await readLogLinesAfter(fixture.db, id, 0, 10)).map(({ message }) => message)).toEqual([
      'Job resumed from its failed step "test"',
    ]);
  });

  test('is refused for a cancelled job, which can be retried instead', async () => {
    const id = await fixture.newJob();
    await requestCancel(fixture.db, TENANT, id, false);
    await expect(resumeJob(fixture.db, TENANT, id)).rejects.toMatchObject({
      name: 'ConflictError',
      message: 'A job that is CANCELLED cannot be resumed.',
      allowed: ['RETRY', 'RERUN', 'FORK', 'DELETE'],
    });
  });
});
