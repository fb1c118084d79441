/** What happens to a job whose worker is gone, and to a queued job whose wake-up call got lost. Run by every executor. */
import type { WorkflowDefinition } from '@signalbox/core/definition';
import { stepOfKey } from '@signalbox/core/items';
import { MAX_LOST_WORKERS, repeatsAfterLostWorker } from '@signalbox/core/lost-worker';
import type { PoolClient } from 'pg';
import { closeLostActivities } from './activities.ts';
import { releaseLostReservations } from './budgets.ts';
import type { Database } from './client.ts';
import { failpoint } from './failpoints.ts';
import { addTask, taskNumber, waitsForKey } from './queue.ts';
import { inTransaction } from './transaction.ts';
import { hasResumed } from './waits.ts';
import { callParents } from './wake-tasks.ts';

export interface Takeover {
  jobId: string;
  outcome: 'QUEUED' | 'FAILED' | 'CANCELLED';
}

/**
 * Ends executions whose lease has run out by database time, at most `limit` at once, and decides what becomes of their jobs.
 * Tells of each as soon as it is committed: what becomes of the next one must not keep anybody from hearing of it.
 */
export async function takeOverLostJobs(
  db: Database,
  limit: number,
  onTakenOver?: (takeover: Takeover) => void,
): Promise<Takeover[]> {
  const { rows } = await db.pool.query<{ job_id: string; epoch: number }>({
    name: 'find-expired-leases',
    text: `SELECT job_id, epoch FROM execution WHERE completed_at IS NULL AND lease_expires_at < now()
           ORDER BY lease_expires_at LIMIT $1`,
    values: [limit],
  });
  if (failpoint && rows.length > 0) await failpoint('takeover-read');
  const takeovers: Takeover[] = [];
  for (const row of rows) {
    const takeover = await inTransaction(db.pool, (client) => takeOver(client, row.job_id, row.epoch));
    if (!takeover) continue;
    takeovers.push(takeover);
    onTakenOver?.(takeover);
  }
  return takeovers;
}

interface LostJob {
  tenant_id: string;
  cancel_requested_at: Date | null;
  lost_workers: number;
  definition: WorkflowDefinition;
  worker_name: string;
}

interface LostStep {
  id: string;
  key: string;
  repeatable: boolean;
  /** Attempts since the job was last queued by hand, without those that a worker gave back. */
  tries: number;
}

async function takeOver(client: PoolClient, jobId: string, epoch: number): Promise<Takeover | undefined> {
  // The lease is looked at again under the row locks: a late heartbeat may have saved it, another reaper may have been quicker.
  const { rows } = await client.query<LostJob>(
    `SELECT j.tenant_id, j.cancel_requested_at, j.lost_workers, v.definition, e.worker_name
     FROM job j JOIN execution e ON e.job_id = j.id AND e.epoch = j.epoch
       JOIN workflow_version v ON v.workflow_id = j.workflow_id AND v.version = j.workflow_version
     WHERE j.id = $1 AND j.epoch = $2 AND j.status = 'RUNNING' AND e.completed_at IS NULL AND e.lease_expires_at < now()
     FOR NO KEY UPDATE OF j, e SKIP LOCKED`,
    [jobId, epoch],
  );
  const job = rows[0];
  if (!job) return undefined;
  const steps = await client.query<LostStep>(
    `SELECT s.id, s.key,
       (SELECT count(*)::int FROM step_attempt a
        WHERE a.step_id = s.id AND a.number > s.forgiven_attempts AND a.status <> 'CANCELLED') AS tries,
       coalesce((SELECT bool_or(t.repeatable) FROM worker_step_type t WHERE t.type = s.type), false) AS repeatable
     FROM job_step s
     -- A forEach step is RUNNING without attempts: its items make them.
     WHERE s.job_id = $1 AND s.status = 'RUNNING' AND s.attempt_number > 0 ORDER BY s.index, s.position`,
    [jobId],
  );
  const definitions = new Map(job.definition.steps.map((step) => [step.key, step]));
  const stuck = steps.rows.find(
    (step) => !repeatsAfterLostWorker(definitions.get(stepOfKey(step.key))?.retry, step.tries, step.repeatable),
  );
  const outcome = job.cancel_requested_at
    ? 'CANCELLED'
    : stuck || job.lost_workers + 1 >= MAX_LOST_WORKERS
      ? 'FAILED'
      : 'QUEUED';
  const lost = `The worker "${job.worker_name}" was lost while it ran this job`;
  const reason = {
    CANCELLED: `${lost}; the pending cancel is settled`,
    QUEUED: `${lost}; the job goes on with another worker`,
    FAILED: stuck
      ? `${lost}, and the step "${stuck.key}" may not be repeated without asking: it has no retry left and is not repeatable`
      : `${lost}, for the ${MAX_LOST_WORKERS}rd time`,
  }[outcome];
  // The log writer's promise: nothing older than that waits to be stored.
  const line = steps.rows.length > 0 ? `${reason}. Output of its last 100 ms may be missing` : reason;

  // By the clock and not by now(), which is when this transaction began: a last write of the lost worker may have come since.
  if (outcome === 'QUEUED') await keepResumed(client, steps.rows);
  else await client.query(END_WAITING_ATTEMPTS, [jobId, reason]);
  await client.query(
    `UPDATE step_attempt a SET status = 'FAILED', completed_at = clock_timestamp(), error_message = $2, error_category = 'WORKER_LOST'
     FROM job_step s WHERE s.job_id = $1 AND a.step_id = s.id AND a.status = 'RUNNING'`,
    [jobId, lost],
  );
  await releaseLostReservations(client, jobId);
  await closeLostActivities(client, jobId, lost);
  await client.query(STEPS_AFTER[outcome], outcome === 'FAILED' ? [jobId, reason] : [jobId]);
  await client.query(
    `UPDATE execution SET completed_at = clock_timestamp(), outcome = 'lost' WHERE job_id = $1 AND epoch = $2`,
    [jobId, epoch],
  );
  await client.query(
    `UPDATE job SET status = $2::job_status, updated_at = now(), lost_workers = lost_workers + 1, current_step_key = NULL, step_percent = 0,
       completed_at = CASE WHEN $2::job_status = 'QUEUED' THEN NULL ELSE clock_timestamp() END,
       error_message = CASE WHEN $2::job_status = 'FAILED' THEN $3 END,
       error_category = CASE WHEN $2::job_status = 'FAILED' THEN 'WORKER_LOST'::error_category END,
       error_step_key = $4,
       pause_requested_at = CASE WHEN $2::job_status = 'QUEUED' THEN pause_requested_at END
     WHERE id = $1`,
    [jobId, outcome, reason, outcome === 'FAILED' ? (steps.rows[0]?.key ?? null) : null],
  );
  await client.query(
    `WITH n AS (UPDATE log_counter SET last_seq = last_seq + 1, epoch = 0 WHERE job_id = $1 RETURNING tenant_id, last_seq)
     INSERT INTO log_line (job_id, seq, tenant_id, at, level, stream, message)
     SELECT $1, last_seq, tenant_id, clock_timestamp(), $3::log_level, 'SYSTEM', $2 FROM n`,
    [jobId, line, outcome === 'FAILED' ? 'ERROR' : 'WARNING'],
  );
  await client.query(`INSERT INTO job_event (tenant_id, job_id, kind) VALUES ($1, $2, 'worker-lost')`, [
    job.tenant_id,
    jobId,
  ]);
  const addAgain = `SELECT (${addTask('job', 'job.queued_at')}).id FROM job WHERE id = $1`;
  await client.query(outcome === 'QUEUED' ? addAgain : CALL_PARENTS, [jobId]);
  if (failpoint) await failpoint('takeover-written');
  return { jobId, outcome };
}

/** What somebody has approved is not asked for again: such a step goes on after its wait once more, in the same attempt. */
async function keepResumed(client: PoolClient, steps: readonly LostStep[]): Promise<void> {
  await client.query(
    `WITH kept AS (
       UPDATE job_step s SET status = 'WAITING' FROM step_wait w
       WHERE s.id = ANY($1::uuid[]) AND w.step_id = s.id AND ${hasResumed('s', 'w')} RETURNING s.id, w.attempt
     )
     UPDATE step_attempt a SET status = 'WAITING' FROM kept WHERE a.step_id = kept.id AND a.number = kept.attempt`,
    [steps.filter(({ repeatable }) => repeatable).map(({ id }) => id)],
  );
}

const END_WAITING_ATTEMPTS = `
  UPDATE step_attempt a SET status = 'CANCELLED', completed_at = clock_timestamp(), error_message = $2, error_category = 'CANCELLED'
  FROM job_step s WHERE s.job_id = $1 AND a.step_id = s.id AND a.status = 'WAITING'`;

const CALL_PARENTS = `WITH ended AS (SELECT $1::uuid AS id), ${callParents('ended')} SELECT id FROM ended`;

const STEPS_AFTER: Record<Takeover['outcome'], string> = {
  QUEUED: `UPDATE job_step SET status = 'PENDING' WHERE job_id = $1 AND status = 'RUNNING'`,
  CANCELLED: `UPDATE job_step SET status = 'CANCELLED', completed_at = clock_timestamp() WHERE job_id = $1 AND status IN ('RUNNING', 'PENDING', 'WAITING')`,
  FAILED: `UPDATE job_step SET
      status = CASE WHEN status = 'RUNNING' THEN 'FAILED'::step_status ELSE 'SKIPPED'::step_status END,
      error_message = CASE WHEN status = 'RUNNING' THEN $2 END,
      error_category = CASE WHEN status = 'RUNNING' THEN 'WORKER_LOST'::error_category END,
      skipped_because = CASE WHEN status = 'RUNNING' THEN NULL ELSE 'the job failed: its worker was lost' END,
      completed_at = clock_timestamp()
    WHERE job_id = $1 AND status IN ('RUNNING', 'PENDING', 'WAITING')`,
};

/**
 * Adds the queue task again for jobs that have been QUEUED for a while without one that somebody works on, or with one that an
 * older version has numbered in its own way. A task that is only slow gets replaced, which is harmless: the claim decides.
 */
export async function requeueForgottenJobs(db: Database, olderThanSeconds: number): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string }>({
    name: 'requeue-forgotten-jobs',
    text: `
      SELECT job.id, (${addTask('job', 'job.queued_at')}).id AS task FROM job
      WHERE job.status = 'QUEUED' AND job.queued_at < now() - make_interval(secs => $1)
        -- One that waits for its concurrency key is not forgotten.
        AND NOT ${waitsForKey('job')}
        AND NOT EXISTS (
          SELECT FROM graphile_worker.jobs task
          WHERE task.key = 'job:' || job.id AND task.attempts < task.max_attempts
            AND (task.locked_at > now() - make_interval(secs => $1)
              OR (task.locked_at IS NULL AND task.priority = ${taskNumber('job')})))`,
    values: [olderThanSeconds],
  });
  return rows.map((row) => row.id);
}
