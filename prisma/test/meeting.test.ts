/** Moves of one job that meet: whoever comes second waits for the row, and must then go by what the first one has made of the job. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { requestCancel } from '../src/cancel.ts';
import { openDatabase } from '../src/client.ts';
import { claimJob, claimJobs, releaseJob } from '../src/executions.ts';
import { failJobByHand } from '../src/fail-by-hand.ts';
import { updateJobDetails } from '../src/job-details.ts';
import { recordChanges } from '../src/progress.ts';
import { retryJob } from '../src/requeue.ts';
import { takeOverLostJobs } from '../src/takeover.ts';
import { createFixture, type Fixture, TENANT, threeSteps, worker } from './fixture.ts';
import { waitingForLocks } from './locks.ts';

let fixture: Fixture;
beforeAll(async () => {
  const [first, ...others] = threeSteps.steps;
  if (!first) throw new Error('no step');
  const retry = { attempts: 3, delayMs: 1, factor: 1, maxDelayMs: 1 };
  fixture = await createFixture({ ...threeSteps, steps: [{ ...first, retry }, ...others] });
});
afterAll(() => fixture.close());

/** Locks what the first move needs, begins each move once the one before it waits, does the rest, and lets them go on. */
async function oneAfterTheOther(
  [hold, id]: readonly [sql: string, jobId: string],
  moves: readonly (() => Promise<unknown>)[],
  meanwhile: () => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  const client = await fixture.db.pool.connect();
  await client.query('BEGIN');
  await client.query(hold, [id]);
  const under: Promise<unknown>[] = [];
  for (const move of moves) {
    under.push(move());
    while ((await waitingForLocks(fixture.db)) < under.length);
  }
  await meanwhile();
  await client.query('COMMIT');
  client.release();
  await Promise.all(under);
}

/** Every move needs the counter of the log, once it has the job. */
const THE_LOG = 'SELECT FROM log_counter WHERE job_id = $1 FOR UPDATE';
const THE_JOB = 'SELECT FROM job WHERE id = $1 FOR UPDATE';
const progress = { completedSteps: 0, currentStepKey: 'first', stepPercent: 0 };

async function runningJob() {
  const job = await fixture.newClaimedJob();
  const [step] = job.steps;
  if (!step) throw new Error('no step');
  const { epoch, id: jobId } = job;
  const started = [{ stepId: step.id, attempt: 1, input: {}, uses: null }];
  await recordChanges(fixture.db, [{ jobId, epoch, ...progress, started }]);
  return { jobId, epoch, stepId: step.id };
}

async function stateOf(jobId: string): Promise<string[]> {
  const job = await fixture.db.prisma.job.findUniqueOrThrow({
    where: { id: jobId },
    include: { steps: { orderBy: { index: 'asc' } } },
  });
  return [job.status, ...job.steps.map(({ status }) => status)];
}

describe('a cancel', () => {
  const cancel = (jobId: string) => () => requestCancel(fixture.db, TENANT, jobId, false);
  const ALL_CANCELLED = ['CANCELLED', 'CANCELLED', 'CANCELLED', 'CANCELLED'];

  test('that meets a takeover of the job leaves no step of it open', async () => {
    const { jobId } = await runningJob();
    await fixture.db.pool.query(`UPDATE execution SET lease_expires_at = now() - interval '1 s' WHERE job_id = $1`, [
      jobId,
    ]);
    await oneAfterTheOther([THE_LOG, jobId], [() => takeOverLostJobs(fixture.db, 10), cancel(jobId)]);
    expect(await stateOf(jobId)).toEqual(ALL_CANCELLED);
  });

  test('that meets a worker which gives the job back leaves no step of it open', async () => {
    const { epoch, jobId } = await runningJob();
    await oneAfterTheOther([THE_LOG, jobId], [() => releaseJob(fixture.db, { jobId, epoch }), cancel(jobId)]);
    expect(await stateOf(jobId)).toEqual(ALL_CANCELLED);
  });

  test('that meets a retry of the job leaves no step of it open', async () => {
    const jobId = await fixture.newJob();
    await cancel(jobId)();
    await oneAfterTheOther([THE_LOG, jobId], [() => retryJob(fixture.db, TENANT, jobId), cancel(jobId)]);
    expect(await stateOf(jobId)).toEqual(ALL_CANCELLED);
  });
});

test('a job that is marked as failed just when a worker gives it back leaves no step open', async () => {
  const { epoch, jobId } = await runningJob();
  const fail = () => failJobByHand(fixture.db, TENANT, jobId, 'it is of no use');
  await oneAfterTheOther([THE_LOG, jobId], [() => releaseJob(fixture.db, { jobId, epoch }), fail]);
  expect(await stateOf(jobId)).toEqual(['FAILED', 'SKIPPED', 'SKIPPED', 'SKIPPED']);
});

describe('a claim', () => {
  test('that waits while another worker gets the job on and gives it back does not take it as it was before', async () => {
    const [locked = '', other = ''] = [await fixture.newJob(), await fixture.newJob()].sort();
    let claimed = new Map<string, unknown>();
    const claim = async () => {
      claimed = await claimJobs(fixture.db, [locked, other], worker());
    };
    await oneAfterTheOther([THE_JOB, locked], [claim], () => getOn(other));
    expect([...claimed.keys()]).toEqual([locked]);
    expect(await claimJob(fixture.db, other, worker())).toMatchObject({
      epoch: 2,
      steps: [{ status: 'COMPLETED' }, { status: 'PENDING' }, { status: 'PENDING' }],
    });
  });

  test('of a job whose concurrency key cannot be had in time does not lose what else was claimed', async () => {
    const [plain, keyed] = [await fixture.newJob(), await fixture.newJob()];
    await fixture.db.pool.query(`UPDATE job SET concurrency_key = 'k', concurrency_limit = 1 WHERE id = $1`, [keyed]);
    const impatient = openDatabase(fixture.db.url, { applicationName: 'impatient', statementLimitMs: 200 });
    const holder = await fixture.db.pool.connect();
    await holder.query(`SELECT pg_advisory_lock(hashtextextended($1 || ' k', 0))`, [TENANT]);
    onTestFinished(async () => {
      holder.release(true);
      await impatient.close();
    });
    const failed: string[] = [];
    const claimed = await claimJobs(impatient, [plain, keyed], worker(), (jobId) => failed.push(jobId));
    expect([...claimed.keys()]).toEqual([plain]);
    expect(failed).toEqual([keyed]);
    await expect(claimJob(impatient, keyed, worker())).rejects.toThrow('statement timeout');
  });

  async function getOn(id: string): Promise<void> {
    const job = await claimJob(fixture.db, id, worker());
    const [step] = job?.steps ?? [];
    if (!job || !step) throw new Error('it was not to be had');
    const held = { jobId: id, epoch: job.epoch };
    const end = {
      stepId: step.id,
      attempt: 1,
      output: null,
      error: null,
      microUsd: '0',
      inputTokens: '0',
      outputTokens: '0',
    };
    await recordChanges(fixture.db, [
      { ...held, ...progress, started: [{ stepId: step.id, attempt: 1, input: {}, uses: null }] },
    ]);
    await recordChanges(fixture.db, [{ ...held, ...progress, ended: [{ ...end, status: 'COMPLETED' }] }]);
    await releaseJob(fixture.db, held);
  }
});

test('a new subject that meets new labels of the same job leaves them', async () => {
  const id = await fixture.newJob();
  const set = (details: { subject?: string; labels?: string[] }) => () =>
    updateJobDetails(fixture.db, TENANT, id, details);
  await oneAfterTheOther([THE_JOB, id], [set({ labels: ['urgent'] }), set({ subject: 'Ada' })]);
  const { labels, subject } = await fixture.db.prisma.job.findUniqueOrThrow({ where: { id } });
  expect({ labels, subject }).toEqual({ labels: ['urgent'], subject: 'Ada' });
});

test('a worker whose claim was forgotten by a crash of the database starts nothing under the epoch that another one has now', async () => {
  const { pool } = fixture.db;
  const old = await fixture.newClaimedJob();
  await pool.query('DELETE FROM execution WHERE job_id = $1', [old.id]);
  await pool.query(`UPDATE job SET status = 'QUEUED', epoch = epoch - 1 WHERE id = $1`, [old.id]);
  const heir = await claimJob(fixture.db, old.id, worker());
  expect(heir).toMatchObject({ epoch: old.epoch });
  const [step] = old.steps;
  if (!heir || !step) throw new Error('no step');
  const started = [{ stepId: step.id, attempt: 1, input: {}, uses: null }];
  const start = ({ epoch, executionId, id: jobId }: typeof heir) =>
    recordChanges(fixture.db, [{ jobId, epoch, executionId, ...progress, started }]);
  expect((await start(old)).size).toBe(0);
  expect((await stateOf(old.id))[1]).toBe('PENDING');
  expect((await start(heir)).size).toBe(1);
});
