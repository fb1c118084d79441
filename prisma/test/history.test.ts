import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendLogLines } from '../src/logs.ts';
import { recordChanges } from '../src/progress.ts';
import { createFixture, type Fixture } from './fixture.ts';
import { checkHistory, type HistoryOptions } from './history.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

/** A job that has run to its end, with a line of log of each of its three steps. */
async function ranJob(): Promise<{ jobId: string; executionId: string }> {
  const job = await fixture.newClaimedJob();
  const held = { jobId: job.id, epoch: job.epoch };
  const nothing = { output: null, error: null, microUsd: '0', inputTokens: '0', outputTokens: '0' };
  for (const [done, { id, key }] of job.steps.entries()) {
    const progress = { ...held, completedSteps: done, currentStepKey: key, stepPercent: 0 };
    await recordChanges(fixture.db, [{ ...progress, started: [{ stepId: id, attempt: 1, input: {}, uses: null }] }]);
    const line = { at: new Date(), level: 'INFO', stream: 'STDOUT', message: key, stepKey: key, attempt: 1 } as const;
    await appendLogLines(fixture.db, [{ ...held, ...line }]);
    const ended = [{ stepId: id, attempt: 1, status: 'COMPLETED' as const, ...nothing }];
    const settled = { status: 'COMPLETED' as const, output: null, error: null };
    await recordChanges(fixture.db, [{ ...progress, completedSteps: done + 1, ended, ...(done === 2 && { settled }) }]);
  }
  return { jobId: job.id, executionId: job.executionId };
}

const violationsOf = async (jobId: string, options?: HistoryOptions) =>
  (await checkHistory(fixture.db, options)).filter((violation) => violation.includes(jobId));

const SECOND = `(SELECT id FROM job_step WHERE job_id = $1 AND key = 'second')`;

describe('a history', () => {
  test('of a job that ran to its end holds', async () => {
    const { executionId, jobId } = await ranJob();
    const acknowledged = [{ jobId, states: ['COMPLETED'] }];
    const programs = new Map([[randomUUID(), [1]]]);
    expect(await violationsOf(jobId, { acknowledged, programs })).toEqual([]);
    expect(await violationsOf(jobId, { programs: new Map([[executionId, [123]]]) })).toEqual([
      expect.stringContaining('programs live: {123}'),
    ]);
    expect(await violationsOf(jobId, { acknowledged: [{ jobId, states: ['CANCELLED'] }] })).toHaveLength(1);
  });

  test('does not hold while a job is under way, nor when one that was acknowledged is gone', async () => {
    const { id } = await fixture.newClaimedJob();
    expect(await violationsOf(id)).toEqual([expect.stringContaining('is RUNNING')]);
    expect(await violationsOf(id, { resting: ['RUNNING'] })).toEqual([]);
    const gone = randomUUID();
    expect(await violationsOf(gone, { acknowledged: [{ jobId: gone }] })).toEqual([
      expect.stringContaining('is not there'),
    ]);
  });

  test.each([
    [
      'a step of a final job that is open',
      `UPDATE job_step SET status = 'PENDING', completed_at = NULL WHERE id = ${SECOND}`,
      /step "second" is PENDING/,
    ],
    [
      'a job that is settled twice',
      `INSERT INTO job_event (tenant_id, job_id, kind) SELECT tenant_id, id, 'settled' FROM job WHERE id = $1`,
      /was settled 2 times/,
    ],
    [
      'a step that started before what it needs had ended',
      `UPDATE step_attempt SET started_at = now() - interval '1 hour' WHERE step_id = ${SECOND}`,
      /started before its need "first"/,
    ],
    [
      'an attempt that is missing',
      `UPDATE job_step SET attempt_number = 2 WHERE id = ${SECOND}`,
      /made attempt 2 and has 1/,
    ],
    [
      'a completed step that is made again',
      `WITH again AS (
         INSERT INTO step_attempt (step_id, number, tenant_id, epoch, status, started_at, completed_at)
         SELECT step_id, 2, tenant_id, epoch, 'FAILED', completed_at, completed_at FROM step_attempt WHERE step_id = ${SECOND}
       ) UPDATE job_step SET attempt_number = 2 WHERE id = ${SECOND}`,
      /completed in attempt 1 and was made again/,
    ],
    [
      'a completed step whose attempt failed',
      `UPDATE step_attempt SET status = 'FAILED' WHERE step_id = ${SECOND}`,
      /last attempt is FAILED/,
    ],
    [
      'two attempts at a time',
      `INSERT INTO step_attempt (step_id, number, tenant_id, epoch, status, started_at, completed_at)
       SELECT step_id, 2, tenant_id, epoch, 'FAILED', started_at - interval '1 hour', now() FROM step_attempt WHERE step_id = ${SECOND}`,
      /attempt 2 .* began before the one before had ended/,
    ],
    [
      'an epoch that goes back',
      `INSERT INTO step_attempt (step_id, number, tenant_id, epoch, status, started_at, completed_at)
       SELECT step_id, 2, tenant_id, 0, 'FAILED', completed_at, completed_at FROM step_attempt WHERE step_id = ${SECOND}`,
      /has epoch 0 after 1/,
    ],
    ['an epoch that nobody held', `UPDATE job SET epoch = 2 WHERE id = $1`, /at epoch 2 and had 1 executions/],
    [
      'two workers at a time',
      `INSERT INTO execution (id, tenant_id, job_id, epoch, worker_id, worker_name, queue, lease_expires_at, started_at)
       SELECT gen_random_uuid(), tenant_id, job_id, 0, worker_id, worker_name, queue, now(), started_at FROM execution WHERE job_id = $1`,
      /execution 1 .* began before/,
    ],
    [
      'an end that its worker did not write',
      `UPDATE execution SET outcome = 'failed' WHERE job_id = $1`,
      /last execution ended as failed/,
    ],
    [
      'an attempt that ended after its lease',
      `UPDATE step_attempt SET completed_at = now() + interval '1 hour' WHERE step_id = ${SECOND}`,
      /was written outside of execution 1/,
    ],
    [
      'an artifact that came too late',
      `INSERT INTO artifact (id, tenant_id, job_id, name, content_type, size_bytes, storage_key, created_at)
       SELECT gen_random_uuid(), tenant_id, id, 'x', 'text/plain', 1, 'x', now() + interval '1 hour' FROM job WHERE id = $1`,
      /while nobody held the job/,
    ],
    ['a gap in the log', `DELETE FROM log_line WHERE job_id = $1 AND seq = 2`, /ends at 3 and has 2 lines/],
    ['a line too many', `UPDATE log_counter SET last_seq = 2 WHERE job_id = $1`, /ends at 2 and has 3 lines/],
    [
      'a line of an attempt that never was',
      `UPDATE log_line SET attempt = 9 WHERE job_id = $1 AND seq = 2`,
      /never was/,
    ],
    [
      'a late line of an earlier worker',
      `UPDATE step_attempt SET epoch = 2 WHERE step_id = ${SECOND}`,
      /line 3 .* is of epoch 1, behind one of epoch 2/,
    ],
    [
      'a lease without a running job',
      `UPDATE execution SET completed_at = NULL, outcome = NULL WHERE job_id = $1`,
      /is open and the job is COMPLETED/,
    ],
    [
      'an attempt that runs in a job that is over',
      `UPDATE step_attempt SET status = 'RUNNING', completed_at = NULL WHERE step_id = ${SECOND}`,
      /is RUNNING, its step COMPLETED and its job COMPLETED/,
    ],
    ['a log that is still open', `UPDATE log_counter SET epoch = 1 WHERE job_id = $1`, /its log is open to epoch 1/],
  ])('does not hold with %s', async (_what, plant, told) => {
    const { jobId } = await ranJob();
    await fixture.db.pool.query(plant, [jobId]);
    expect((await violationsOf(jobId)).join('\n')).toMatch(told);
  });

  test('does not hold with a running job that nobody holds', async () => {
    const { id } = await fixture.newClaimedJob();
    await fixture.db.pool.query(`UPDATE execution SET completed_at = now(), outcome = 'lost' WHERE job_id = $1`, [id]);
    expect(await violationsOf(id, { resting: ['RUNNING'] })).toEqual([expect.stringContaining('nobody holds it')]);
  });
});
