/** Asking for a cancel. A job that nobody holds is settled here; one that runs is settled by its executor or the reaper. */
import { fromStates } from '@signalbox/core/lifecycle';
import type { Database } from './client.ts';
import { withLockedJob } from './locked-job.ts';
import { removeTask } from './queue.ts';
import { callParents, removeWakeTask } from './wake-tasks.ts';

/**
 * Marks a RUNNING job (the mark outlives every lost message) and settles any other unfinished one at once, each with a
 * SYSTEM line in its log. Asking twice changes nothing, except that force is remembered. Throws NotFoundError, ConflictError.
 */
export async function requestCancel(db: Database, tenantId: string, id: string, force: boolean): Promise<void> {
  await withLockedJob(db, tenantId, id, 'cancelled', async (client) => {
    const { rows } = await client.query({
      name: 'request-cancel',
      text: REQUEST_CANCEL,
      values: [id, tenantId, force, fromStates('requestCancel'), fromStates('cancel').filter((s) => s !== 'RUNNING')],
    });
    return rows.length > 0;
  });
}

const REQUEST_CANCEL = `
  WITH before AS (
    SELECT id, cancel_requested_at, cancel_forced FROM job WHERE id = $1 AND tenant_id = $2
  ), touched AS (
    UPDATE job SET
      status = CASE WHEN job.status = ANY($5::job_status[]) THEN 'CANCELLED'::job_status ELSE job.status END,
      completed_at = CASE WHEN job.status = ANY($5::job_status[]) THEN now() END,
      cancel_requested_at = coalesce(job.cancel_requested_at, now()),
      cancel_forced = job.cancel_forced OR $3,
      pause_requested_at = NULL,
      current_step_key = CASE WHEN job.status = ANY($5::job_status[]) THEN NULL ELSE job.current_step_key END,
      updated_at = now()
    FROM before
    WHERE job.id = before.id AND job.status = ANY($4::job_status[])
    RETURNING job.id, job.tenant_id, job.status, job.queue,
      before.cancel_requested_at IS NULL OR (NOT before.cancel_forced AND $3) AS news
  ), steps AS (
    UPDATE job_step SET status = 'CANCELLED', completed_at = now()
    FROM touched
    WHERE job_step.job_id = touched.id AND touched.status = 'CANCELLED' AND job_step.status IN ('PENDING', 'WAITING')
  ), attempts AS (
    UPDATE step_attempt a SET status = 'CANCELLED', completed_at = now(), error_message = 'The job was cancelled.', error_category = 'CANCELLED'
    FROM job_step s, touched
    WHERE s.job_id = touched.id AND touched.status = 'CANCELLED' AND a.step_id = s.id AND a.status = 'WAITING'
  ), ${callParents('touched', `touched.status = 'CANCELLED'`)}, line_number AS (
    UPDATE log_counter SET last_seq = last_seq + 1 FROM touched
    WHERE log_counter.job_id = touched.id AND touched.news
    RETURNING log_counter.job_id, log_counter.tenant_id, last_seq, touched.status
  ), line AS (
    INSERT INTO log_line (job_id, seq, tenant_id, at, level, stream, message)
    SELECT job_id, last_seq, tenant_id, clock_timestamp(), 'WARNING', 'SYSTEM',
      CASE WHEN status = 'CANCELLED' THEN 'Job cancelled before it ran on'
           WHEN $3 THEN 'Cancel requested, by force: the running steps are ended at once'
           ELSE 'Cancel requested: the running steps are asked to stop' END
    FROM line_number
  ), event AS (
    INSERT INTO job_event (tenant_id, job_id, kind)
    SELECT tenant_id, id, CASE WHEN status = 'CANCELLED' THEN 'settled' ELSE 'cancel-requested' END
    FROM touched WHERE news
  )
  SELECT id, CASE WHEN status = 'CANCELLED' THEN (${removeTask('touched')}).id END AS task,
    CASE WHEN status = 'CANCELLED' THEN (${removeWakeTask('touched')}).id END AS wake FROM touched`;
