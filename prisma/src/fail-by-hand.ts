import { fromStates } from '@signalbox/core/lifecycle';
import type { Database } from './client.ts';
import { withLockedJob } from './locked-job.ts';
import { removeTask } from './queue.ts';
import { storableText } from './storable.ts';
import { callParents } from './wake-tasks.ts';

/**
 * QUEUED → FAILED for a job that nothing takes: its error is the reason given, as CONFIGURATION, and what has not run is
 * SKIPPED. Throws NotFoundError, ConflictError.
 */
export async function failJobByHand(db: Database, tenantId: string, id: string, reason: string): Promise<void> {
  await withLockedJob(db, tenantId, id, 'marked as failed', async (client) => {
    const { rows } = await client.query({
      name: 'fail-job-by-hand',
      text: FAIL_BY_HAND,
      values: [id, tenantId, fromStates('failByHand'), `Marked as failed by hand: ${storableText(reason)}`],
    });
    return rows.length > 0;
  });
}

const FAIL_BY_HAND = `
  WITH touched AS (
    UPDATE job SET status = 'FAILED', completed_at = now(), updated_at = now(), pause_requested_at = NULL,
      error_message = $4, error_category = 'CONFIGURATION', error_step_key = NULL
    WHERE id = $1 AND tenant_id = $2 AND status = ANY($3::job_status[])
    RETURNING id, tenant_id
  ), steps AS (
    UPDATE job_step SET status = 'SKIPPED', skipped_because = 'the job was marked as failed by hand', completed_at = now()
    FROM touched WHERE job_step.job_id = touched.id AND job_step.status IN ('PENDING', 'WAITING')
  ), attempts AS (
    UPDATE step_attempt a SET status = 'CANCELLED', completed_at = now(), error_message = $4, error_category = 'CANCELLED'
    FROM job_step s, touched WHERE s.job_id = touched.id AND a.step_id = s.id AND a.status = 'WAITING'
  ), ${callParents('touched')}, line_number AS (
    UPDATE log_counter SET last_seq = last_seq + 1 FROM touched WHERE log_counter.job_id = touched.id
    RETURNING job_id, log_counter.tenant_id, last_seq
  ), line AS (
    INSERT INTO log_line (job_id, seq, tenant_id, at, level, stream, message)
    SELECT job_id, last_seq, tenant_id, clock_timestamp(), 'ERROR', 'SYSTEM', $4 FROM line_number
  ), event AS (
    INSERT INTO job_event (tenant_id, job_id, kind) SELECT tenant_id, id, 'settled' FROM touched
  )
  SELECT id, (${removeTask('touched')}).id AS task FROM touched`;
