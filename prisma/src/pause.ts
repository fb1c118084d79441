/** Pausing: a mark that outlives every lost message, taken back or made true by the worker that holds the job. */
import { fromStates } from '@signalbox/core/lifecycle';
import type { PoolClient } from 'pg';
import type { Database } from './client.ts';
import type { HeldJob } from './held-job.ts';
import { isId } from './ids.ts';
import { refusal, unknownJob } from './jobs.ts';
import { putDownStatement } from './put-down.ts';

/**
 * Marks a RUNNING job, which becomes PAUSED once none of its steps runs any more. Asking twice changes nothing.
 * Throws NotFoundError, ConflictError (also while a cancel is pending).
 */
export async function requestPause(db: Database, tenantId: string, id: string): Promise<void> {
  if (!isId(id)) throw unknownJob(id);
  const { rows } = await db.pool.query({
    name: 'request-pause',
    text: REQUEST_PAUSE,
    values: [id, tenantId, fromStates('requestPause')],
  });
  if (!rows[0]) throw await refusal(db.pool, tenantId, id, 'paused');
}

const REQUEST_PAUSE = `
  WITH before AS (
    SELECT id, pause_requested_at FROM job WHERE id = $1 AND tenant_id = $2 FOR NO KEY UPDATE
  ), touched AS (
    UPDATE job SET pause_requested_at = coalesce(job.pause_requested_at, now()), updated_at = now()
    FROM before WHERE job.id = before.id AND job.status = ANY($3::job_status[]) AND job.cancel_requested_at IS NULL
    RETURNING job.id, job.tenant_id, before.pause_requested_at IS NULL AS news
  )${told('pause-requested', 'Pause requested: no further step starts; a running step may end, or stop at its next checkpoint')}
  SELECT id FROM touched`;

/** Takes a pending pause back; false when there is none. */
export async function withdrawPause(client: Pick<PoolClient, 'query'>, tenantId: string, id: string): Promise<boolean> {
  const { rows } = await client.query({
    name: 'withdraw-pause',
    text: `
      WITH touched AS (
        UPDATE job SET pause_requested_at = NULL, updated_at = now()
        WHERE id = $1 AND tenant_id = $2 AND status = ANY($3::job_status[])
          AND pause_requested_at IS NOT NULL AND cancel_requested_at IS NULL
        RETURNING id, tenant_id, true AS news
      )${told('pause-withdrawn', 'Pause withdrawn: the job goes on')}
      SELECT id FROM touched`,
    values: [id, tenantId, fromStates('withdrawPause')],
  });
  return rows.length > 0;
}

/** SQL that tells of `touched` where it is news. */
function told(event: string, line: string): string {
  return `, line_number AS (
    UPDATE log_counter SET last_seq = last_seq + 1 FROM touched WHERE log_counter.job_id = touched.id AND touched.news
    RETURNING log_counter.job_id, log_counter.tenant_id, last_seq
  ), line AS (
    INSERT INTO log_line (job_id, seq, tenant_id, at, level, stream, message)
    SELECT job_id, last_seq, tenant_id, clock_timestamp(), 'INFO', 'SYSTEM', '${line}' FROM line_number
  ), event AS (
    INSERT INTO job_event (tenant_id, job_id, kind) SELECT tenant_id, id, '${event}' FROM touched WHERE news
  )`;
}

/**
 * RUNNING → PAUSED by the worker that holds the job, once nothing of it runs. False when the pause was withdrawn, a cancel is
 * pending, or the lease was lost already.
 */
export async function pauseHeldJob(db: Database, lease: HeldJob): Promise<boolean> {
  const { rows } = await db.pool.query({
    name: 'pause-held-job',
    text: PAUSE_HELD,
    values: [lease.jobId, lease.epoch, fromStates('pause')],
  });
  return rows.length > 0;
}

const PAUSE_HELD = putDownStatement({
  status: 'PAUSED',
  outcome: 'paused',
  because: 'The job was paused; the step starts again when it goes on',
  only: 'pause_requested_at IS NOT NULL',
  line: 'Job paused: nothing of it runs until it is resumed',
});
