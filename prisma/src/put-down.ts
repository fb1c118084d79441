import { addTask } from './queue.ts';
import { hasResumed } from './waits.ts';

export interface PutDown {
  status: 'QUEUED' | 'PAUSED';
  /** How the execution ended. */
  outcome: 'released' | 'paused';
  /** What is told about attempts that were cut short. */
  because: string;
  /** What else must hold, as SQL over the row `job`. */
  only?: string;
  /** A last line of the log. */
  line?: string;
}

/**
 * SQL by which a worker puts a job down before its end: $1 job, $2 epoch, $3 the states it may be in. Steps that were running
 * go back to PENDING without being charged a failure; those that went on after a wait go on with what came of it, in the same
 * attempt. A job that is queued again keeps its place. No row when the lease was lost or a cancel is pending.
 */
export function putDownStatement({ because, line, only = 'true', outcome, status }: PutDown): string {
  return `
    WITH put_down AS (
      UPDATE job SET status = '${status}', current_step_key = NULL, step_percent = 0, updated_at = now()${status === 'QUEUED' ? '' : ', pause_requested_at = NULL'}
      WHERE id = $1 AND epoch = $2 AND status = ANY($3::job_status[]) AND cancel_requested_at IS NULL AND ${only}
      RETURNING id, tenant_id, priority, queue, queued_at
    ), ended AS (
      UPDATE execution SET completed_at = now(), outcome = '${outcome}'
      FROM put_down WHERE execution.job_id = put_down.id AND execution.epoch = $2
    ), resumed AS (
      SELECT s.id, w.attempt FROM put_down JOIN job_step s ON s.job_id = put_down.id JOIN step_wait w ON w.step_id = s.id
      WHERE s.status = 'RUNNING' AND ${hasResumed('s', 'w')}
    ), attempts AS (
      UPDATE step_attempt a SET status = 'CANCELLED', completed_at = now(), error_message = '${because}', error_category = 'CANCELLED'
      FROM job_step s, put_down WHERE s.job_id = put_down.id AND a.step_id = s.id AND a.status = 'RUNNING'
        AND s.id NOT IN (SELECT id FROM resumed)
    ), attempts_waiting AS (
      UPDATE step_attempt SET status = 'WAITING' FROM resumed
      WHERE step_attempt.step_id = resumed.id AND step_attempt.number = resumed.attempt
    ), steps AS (
      UPDATE job_step SET status = 'PENDING', started_at = NULL, input = NULL
      FROM put_down WHERE job_step.job_id = put_down.id AND job_step.status = 'RUNNING'
        AND job_step.id NOT IN (SELECT id FROM resumed)
    ), steps_waiting AS (
      UPDATE job_step SET status = 'WAITING' FROM resumed WHERE job_step.id = resumed.id
    ), counter AS (
      UPDATE log_counter SET epoch = 0, last_seq = last_seq + ${line ? 1 : 0} FROM put_down WHERE log_counter.job_id = put_down.id
      RETURNING last_seq
    ), event AS (
      INSERT INTO job_event (tenant_id, job_id, kind) SELECT tenant_id, id, '${outcome}' FROM put_down
    )${line ? lastLine(line) : ''}
    SELECT id, ${status === 'QUEUED' ? `(${addTask('put_down', 'put_down.queued_at')}).id` : 'NULL'} AS task FROM put_down`;
}

function lastLine(line: string): string {
  return `, line AS (
      INSERT INTO log_line (job_id, seq, tenant_id, at, level, stream, message)
      SELECT put_down.id, last_seq, put_down.tenant_id, clock_timestamp(), 'INFO', 'SYSTEM', '${line}' FROM put_down, counter
    )`;
}
