import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requestCancel } from '../src/cancel.ts';
import { beat, claimJob, releaseJob } from '../src/executions.ts';
import { appendLogLines, type NewLogLine, readLogLinesAfter } from '../src/logs.ts';
import { recordChanges } from '../src/progress.ts';
import { requeueForgottenJobs, takeOverLostJobs } from '../src/takeover.ts';
import { createFixture, type Fixture, TENANT, threeSteps, worker } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture({
    ...threeSteps,
    steps: threeSteps.steps.map((step) =>
      step.key === 'first' ? { ...step, retry: { attempts: 5, delayMs: 1, factor: 1, maxDelayMs: 1 } } : step,
    ),
  });
});
afterAll(() => fixture.close());

const line = (jobId: string, epoch: number, message: string): NewLogLine => ({
  jobId,
  epoch,
  message,
  at: new Date(),
  level: 'INFO',
  stream: 'STDOUT',
  stepKey: 'first',
  attempt: 1,
});
const progress = { completedSteps: 0, currentStepKey: 'first', stepPercent: 0 };
const attemptEnd = { microUsd: '0', inputTokens: '0', outputTokens: '0', error: null };
const expireLease = (jobId: string) =>
  fixture.db.pool.query(`UPDATE execution SET lease_expires_at = now() - interval '1 second' WHERE job_id = $1`, [
    jobId,
  ]);

/** Claims a job and starts the step of that key, as an executor would. */
async function runningStep(key: string) {
  const job = await fixture.newClaimedJob();
  const step = job.steps.find((candidate) => candidate.key === key);
  if (!step) throw new Error(`no step ${key}`);
  await recordChanges(fixture.db, [
    { jobId: job.id, epoch: job.epoch, started: [{ stepId: step.id, attempt: 1, input: {}, uses: null }], ...progress },
  ]);
  return { job, step };
}

describe('recording what a job does', () => {
  test('ends a step and starts the next in one statement, and settles the job with its last step', async () => {
    const { job, step } = await runningStep('first');
    const [, second] = job.steps;
    if (!second) throw new Error('no second step');
    await recordChanges(fixture.db, [
      {
        jobId: job.id,
        epoch: job.epoch,
        completedSteps: 1,
        currentStepKey: 'second',
        stepPercent: 0,
        ended: [{ ...attemptEnd, stepId: step.id, attempt: 1, status: 'COMPLETED', output: { n: 1 }, microUsd: '12' }],
        started: [{ stepId: second.id, attempt: 1, input: { with: 1 }, uses: 'true' }],
      },
    ]);
    expect(
      await fixture.db.prisma.jobStep.findMany({ where: { jobId: job.id }, orderBy: { index: 'asc' } }),
    ).toMatchObject([
      { status: 'COMPLETED', output: { n: 1 }, attemptNumber: 1, microUsd: 12n },
      { status: 'RUNNING', input: { with: 1 }, uses: 'true' },
      { status: 'PENDING' },
    ]);
    const error = { message: 'it broke', category: 'PROCESS' as const };
    const third = job.steps[2];
    await recordChanges(fixture.db, [
      {
        jobId: job.id,
        epoch: job.epoch,
        completedSteps: 3,
        currentStepKey: null,
        stepPercent: 0,
        ended: [{ ...attemptEnd, stepId: second.id, attempt: 1, status: 'FAILED', output: null, error }],
        closed: [{ stepId: third?.id ?? '', status: 'SKIPPED', because: 'needs second, which failed', error: null }],
        settled: { status: 'FAILED', output: null, error: { ...error, stepKey: 'second' } },
      },
    ]);
    const settled = await fixture.db.prisma.job.findUniqueOrThrow({
      where: { id: job.id },
      include: { executions: true },
    });
    expect(settled).toMatchObject({
      status: 'FAILED',
      errorMessage: 'it broke',
      errorStepKey: 'second',
      completedSteps: 3,
    });
    expect(settled.executions).toMatchObject([{ outcome: 'failed' }]);
  });

  test('is refused for a worker whose epoch is old, and nothing of it is stored', async () => {
    const { job, step } = await runningStep('first');
    const stale = { jobId: job.id, epoch: job.epoch - 1, ...progress };
    const written = await recordChanges(fixture.db, [
      { ...stale, ended: [{ ...attemptEnd, stepId: step.id, attempt: 1, status: 'COMPLETED', output: 'late' }] },
    ]);
    expect(written.size).toBe(0);
    expect(await fixture.db.prisma.jobStep.findUniqueOrThrow({ where: { id: step.id } })).toMatchObject({
      status: 'RUNNING',
      output: null,
    });
  });
});

describe('the log', () => {
  test('numbers the lines of each job without gaps however many batches are written at once', async () => {
    const jobs = await Promise.all([fixture.newClaimedJob(), fixture.newClaimedJob()]);
    const batches = Array.from({ length: 20 }, (_, batch) =>
      jobs.flatMap((job) => [0, 1, 2].map((n) => line(job.id, job.epoch, `${batch}.${n}`))),
    );
    await Promise.all(batches.map((batch) => appendLogLines(fixture.db, batch)));
    for (const job of jobs) {
      const lines = await readLogLinesAfter(fixture.db, job.id, 0, 1_000);
      expect(lines.map((stored) => stored.seq)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    }
  });

  test('takes no line of a worker that lost the job or has settled it', async () => {
    const job = await fixture.newClaimedJob();
    expect((await appendLogLines(fixture.db, [line(job.id, job.epoch - 1, 'stale')])).size).toBe(0);
    await recordChanges(fixture.db, [
      { jobId: job.id, epoch: job.epoch, ...progress, settled: { status: 'CANCELLED', output: null, error: null } },
    ]);
    expect((await appendLogLines(fixture.db, [line(job.id, job.epoch, 'late')])).size).toBe(0);
    expect(await readLogLinesAfter(fixture.db, job.id, 0, 10)).toEqual([]);
  });
});

describe('a lease', () => {
  test('is prolonged by a beat that also brings the pending cancel', async () => {
    const job = await fixture.newClaimedJob();
    await expireLease(job.id);
    await requestCancel(fixture.db, TENANT, job.id, true);
    const confirmed = await beat(fixture.db.pool, worker().workerId, [{ jobId: job.id, epoch: job.epoch }], 30);
    expect(confirmed).toMatchObject([{ jobId: job.id, epoch: job.epoch, cancelForced: true }]);
    expect(await takeOverLostJobs(fixture.db, 10)).toEqual([]);
  });

  test('that ran out with a step that may be repeated puts the job back into the queue', async () => {
    const { job } = await runningStep('first');
    await expireLease(job.id);
    expect(await takeOverLostJobs(fixture.db, 10)).toEqual([{ jobId: job.id, outcome: 'QUEUED' }]);
    expect(await beat(fixture.db.pool, worker().workerId, [{ jobId: job.id, epoch: job.epoch }], 30)).toEqual([]);
    const again = await claimJob(fixture.db, job.id, worker());
    expect(again).toMatchObject({ epoch: job.epoch + 1 });
    expect(again?.steps[0]).toMatchObject({ key: 'first', status: 'PENDING', attemptNumber: 1 });
  });

  test('that ran out with a step that may not be repeated fails the job as WORKER_LOST', async () => {
    const { job } = await runningStep('second');
    await expireLease(job.id);
    expect(await takeOverLostJobs(fixture.db, 10)).toEqual([{ jobId: job.id, outcome: 'FAILED' }]);
    expect(await fixture.db.prisma.job.findUniqueOrThrow({ where: { id: job.id } })).toMatchObject({
      status: 'FAILED',
      errorCategory: 'WORKER_LOST',
      errorStepKey: 'second',
    });
  });

  test('that ran out ends when the takeover writes it, later than what came while that began', async () => {
    const { job } = await runningStep('second');
    const { pool, prisma } = fixture.db;
    await expireLease(job.id);
    await pool.query(`
      CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.2); RETURN NEW; END $$;
      CREATE TRIGGER take_time BEFORE UPDATE ON step_attempt FOR EACH ROW EXECUTE FUNCTION take_time()`);
    // As if the worker, which was only frozen, had written this a moment after the takeover began.
    await pool.query(
      `ALTER TABLE step_attempt DISABLE TRIGGER take_time;
       UPDATE step_attempt SET started_at = clock_timestamp() + interval '100 milliseconds' WHERE completed_at IS NULL;
       ALTER TABLE step_attempt ENABLE TRIGGER take_time`,
    );
    await takeOverLostJobs(fixture.db, 10);
    await pool.query('DROP FUNCTION take_time CASCADE');
    const { completedAt } = await prisma.execution.findFirstOrThrow({ where: { jobId: job.id } });
    const { startedAt } = await prisma.stepAttempt.findFirstOrThrow({ where: { step: { jobId: job.id } } });
    expect(completedAt?.getTime()).toBeGreaterThan(startedAt.getTime());
  });

  test('that runs out three times in a row fails the job instead of reviving it for ever', async () => {
    const id = await fixture.newJob();
    const outcomes: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      await claimJob(fixture.db, id, worker());
      await expireLease(id);
      outcomes.push(...(await takeOverLostJobs(fixture.db, 10)).map((takeover) => takeover.outcome));
    }
    expect(outcomes).toEqual(['QUEUED', 'QUEUED', 'FAILED']);
  });

  test('is heard of as soon as its job is taken over, even when the next one cannot be', async () => {
    const { pool } = fixture.db;
    const { job } = await runningStep('first');
    await expireLease(job.id);
    const { job: next } = await runningStep('first');
    await expireLease(next.id);
    await pool.query(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
       CREATE TRIGGER refuse BEFORE UPDATE ON job FOR EACH ROW WHEN (old.id = '${next.id}') EXECUTE FUNCTION refuse()`,
    );
    const heard: unknown[] = [];
    await expect(takeOverLostJobs(fixture.db, 10, (takeover) => heard.push(takeover))).rejects.toThrow('refused');
    expect(heard).toEqual([{ jobId: job.id, outcome: 'QUEUED' }]);
    await pool.query('DROP FUNCTION refuse CASCADE');
    expect(await takeOverLostJobs(fixture.db, 10)).toEqual([{ jobId: next.id, outcome: 'QUEUED' }]);
  });

  test('that runs out while a cancel is pending settles the cancel', async () => {
    const { job } = await runningStep('first');
    await requestCancel(fixture.db, TENANT, job.id, false);
    await expireLease(job.id);
    expect(await takeOverLostJobs(fixture.db, 10)).toEqual([{ jobId: job.id, outcome: 'CANCELLED' }]);
  });

  test('that is given back politely queues the job without charging the step', async () => {
    const { job } = await runningStep('second');
    expect(await releaseJob(fixture.db, { jobId: job.id, epoch: job.epoch })).toBe(true);
    expect(await releaseJob(fixture.db, { jobId: job.id, epoch: job.epoch })).toBe(false);
    const again = await claimJob(fixture.db, job.id, worker());
    expect(again?.steps[1]).toMatchObject({ status: 'PENDING' });
  });
});

test('a queued job whose queue task an older version has numbered gets one in the order of this version', async () => {
  const id = await fixture.newJob({ priority: 'LOW' });
  await fixture.db.pool.query(`UPDATE job SET queued_at = now() - interval '1 minute' WHERE id = $1`, [id]);
  expect(await requeueForgottenJobs(fixture.db, 10)).not.toContain(id);
  await fixture.db.pool.query(
    `SELECT graphile_worker.reschedule_jobs(ARRAY(SELECT id FROM graphile_worker.jobs WHERE key = $1), priority := 10)`,
    [`job:${id}`],
  );
  expect(await requeueForgottenJobs(fixture.db, 10)).toContain(id);
  const { rows } = await fixture.db.pool.query(
    `SELECT task.priority, task.run_at = job.queued_at AS placed FROM graphile_worker.jobs task, job
     WHERE task.key = $1 AND job.id = $2`,
    [`job:${id}`, id],
  );
  expect(rows).toEqual([{ priority: 0, placed: true }]);
});

test('a queued job whose queue task vanished gets a new one', async () => {
  const id = await fixture.newJob();
  await fixture.db.pool.query(`SELECT graphile_worker.remove_job($1)`, [`job:${id}`]);
  await fixture.db.pool.query(`UPDATE job SET queued_at = now() - interval '1 minute' WHERE id = $1`, [id]);
  expect(await requeueForgottenJobs(fixture.db, 10)).toContain(id);
  const { rows } = await fixture.db.pool.query(`SELECT 1 FROM graphile_worker.jobs WHERE key = $1`, [`job:${id}`]);
  expect(rows).toHaveLength(1);
});
