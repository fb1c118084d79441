/**
 * Going on with a job that has stopped: retry and resume. Completed steps stay; others go back to PENDING with a fresh budget
 * of tries, while their attempts stay recorded and are numbered on.
 */
import { fromStates } from '@signalbox/core/lifecycle';
import type { Database } from './client.ts';
import { withLockedJob } from './locked-job.ts';
import { withdrawPause } from './pause.ts';
import { addTask } from './queue.ts';

/** FAILED or CANCELLED → QUEUED, from the first unfinished step on. Throws NotFoundError, ConflictError. */
export async function retryJob(db: Database, tenantId: string, id: string): Promise<void> {
  await withLockedJob(db, tenantId, id, 'retried', async (client) => {
    const { rows } = await client.query({
      name: 'retry-job',
      text: RETRY,
      values: [id, tenantId, fromStates('retry')],
    });
    return rows.length > 0;
  });
}

/**
 * PAUSED or FAILED → QUEUED. A failed job goes on from its failed step and what was skipped; steps that were allowed to fail
 * stay as they are. A pause that has not taken effect yet is taken back. Throws NotFoundError, ConflictError.
 */
export async function resumeJob(db: Database, tenantId: string, id: string): Promise<void> {
  await withLockedJob(db, tenantId, id, 'resumed', async (client) => {
    const { rows } = await client.query({
      name: 'resume-job',
      text: RESUME,
      values: [id, tenantId, fromStates('resume')],
    });
    return rows.length > 0 || withdrawPause(client, tenantId, id);
  });
}

/** A step that failed without having brought the job down with it. */
const TOLERATED = `step.status = 'FAILED' AND step.key IS DISTINCT FROM before.error_step_key AND EXISTS (
    SELECT FROM workflow_version v, json_array_elements(v.definition->'steps') AS d
    WHERE v.workflow_id = before.workflow_id AND v.version = before.workflow_version
      AND d->>'key' = step.key AND d->>'continueOnError' = 'true')`;

/** @param again SQL: whether a `step` of the job `before` goes back to PENDING. @param message SQL text, `again.count` steps */
const requeueStatement = (again: string, message: string) => `
  WITH before AS (
    SELECT id, status, error_step_key, workflow_id, workflow_version FROM job
    WHERE id = $1 AND tenant_id = $2 AND status = ANY($3::job_status[])
  ), again AS (
    SELECT step.id FROM before JOIN job_step step ON step.job_id = before.id WHERE ${again}
  ), touched AS (
    UPDATE job SET
      status = 'QUEUED', queued_at = now(), completed_at = NULL, updated_at = now(),
      output = NULL, error_message = NULL, error_category = NULL, error_step_key = NULL,
      cancel_requested_at = NULL, cancel_forced = false, pause_requested_at = NULL, lost_workers = 0,
      current_step_key = NULL, step_percent = 0,
      completed_steps = CASE WHEN before.status = 'PAUSED' THEN job.completed_steps
        ELSE job.total_steps - (SELECT count(*) FROM again) END
    FROM before
    WHERE job.id = before.id AND job.status = ANY($3::job_status[])
    RETURNING job.id, job.tenant_id, job.priority, job.queue, before.status AS was, before.error_step_key AS failed
  ), steps AS (
    UPDATE job_step SET status = 'PENDING', forgiven_attempts = attempt_number, input = NULL, output = NULL,
      error_message = NULL, error_category = NULL, skipped_because = NULL, started_at = NULL, completed_at = NULL
    FROM again, touched WHERE job_step.id = again.id
  ), detached AS (
    -- What waited for its end has had it: this job goes on for itself.
    UPDATE step_wait SET child_job_id = NULL FROM touched
    WHERE step_wait.child_job_id = touched.id AND touched.was <> 'PAUSED'
  ), line_number AS (
    UPDATE log_counter SET last_seq = last_seq + 1 FROM touched WHERE log_counter.job_id = touched.id
    RETURNING last_seq
  ), line AS (
    INSERT INTO log_line (job_id, seq, tenant_id, at, level, stream, message)
    SELECT touched.id, last_seq, touched.tenant_id, clock_timestamp(), 'INFO', 'SYSTEM', ${message}
    FROM touched, line_number
  ), event AS (
    INSERT INTO job_event (tenant_id, job_id, kind) SELECT tenant_id, id, 'queued' FROM touched
  )
  SELECT id, (${addTask('touched')}).id AS task FROM touched`;

const RETRY = requeueStatement(
  `step.status <> 'COMPLETED'`,
  `format('Job retried: steps that were not completed run again (%s of %s)', (SELECT count(*) FROM again),
     (SELECT total_steps FROM job WHERE job.id = touched.id))`,
);

const RESUME = requeueStatement(
  `before.status = 'FAILED' AND step.status <> 'COMPLETED' AND NOT (${TOLERATED})`,
  `CASE WHEN touched.was = 'PAUSED' THEN 'Job resumed'
        WHEN touched.failed IS NULL THEN 'Job resumed where it failed'
        ELSE format('Job resumed from its failed step "%s"', touched.failed) END`,
);
