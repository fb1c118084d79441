/**
 * Waits of steps. A step that waits has a row that says for what and until when; a job that has nothing else to do is put down
 * as WAITING, and nobody holds it until one of its waits is over. Then its step goes on in the same attempt.
 */
import type { Json, JsonObject } from '@signalbox/core/json';
import { fromStates } from '@signalbox/core/lifecycle';
import type { ErrorCategory } from '@signalbox/core/statuses';
import type { PoolClient } from 'pg';
import type { Database } from './client.ts';
import type { HeldJob } from './held-job.ts';
import { addTask } from './queue.ts';
import { storableJson, storableText } from './storable.ts';
import { addWakeTask, removeWakeTask } from './wake-tasks.ts';

export interface WaitingAttempt {
  stepId: string;
  attempt: number;
  /** What is left of the time of the attempt; null when that is not limited. */
  timeLeftMs: number | null;
  /** What the attempt has cost since it began, or since it last waited. */
  microUsd: string;
  inputTokens: string;
  outputTokens: string;
}

export interface NewWait extends WaitingAttempt {
  kind: 'TIME' | 'APPROVAL';
  until: Date | null;
  approval: { message: string; form: object | null } | null;
}

/** The step of a held job becomes WAITING. False when the lease was lost. Asking again changes nothing. */
export async function storeWait(db: Database, lease: HeldJob, wait: NewWait): Promise<boolean> {
  return insertWait(db.pool, lease, wait, null);
}

/** The same as part of a larger transaction. @param childJobId the job whose end is waited for */
export async function insertWait(
  client: Pick<PoolClient, 'query'>,
  lease: HeldJob,
  wait: WaitingAttempt & Partial<NewWait>,
  childJobId: string | null,
): Promise<boolean> {
  const { approval, attempt, inputTokens, kind, microUsd, outputTokens, stepId, timeLeftMs, until } = wait;
  const { rows } = await client.query({
    name: 'insert-wait',
    text: INSERT_WAIT,
    values: [
      lease.jobId,
      lease.epoch,
      stepId,
      attempt,
      kind ?? 'JOB',
      until ?? null,
      timeLeftMs,
      approval ? storableText(approval.message) : null,
      approval?.form ? storableJson(approval.form) : null,
      childJobId,
      microUsd,
      inputTokens,
      outputTokens,
    ],
  });
  return rows.length > 0;
}

const COLUMNS =
  'tenant_id, job_id, attempt, kind, since, until, deadline, wake_at, message, form, child_job_id, approved, comment, answer, decided_at, decided_by';

/** SQL of the end of an INSERT: a step has one wait at a time, and what is left of an earlier one goes. */
const REPLACE_WAIT = `ON CONFLICT (step_id) DO UPDATE SET (${COLUMNS}) = (${COLUMNS.replaceAll(/\w+/g, 'EXCLUDED.$&')})`;

const INSERT_WAIT = `
  WITH fenced AS (
    UPDATE job SET updated_at = now() WHERE id = $1 AND epoch = $2 AND status = 'RUNNING' RETURNING id, tenant_id
  ), step AS (
    UPDATE job_step SET status = 'WAITING', micro_usd = micro_usd + $11::bigint, input_tokens = input_tokens + $12::bigint,
      output_tokens = output_tokens + $13::bigint
    FROM fenced WHERE job_step.job_id = fenced.id AND job_step.id = $3 AND job_step.attempt_number = $4
      AND job_step.status = 'RUNNING'
    RETURNING job_step.id
  ), attempt AS (
    UPDATE step_attempt SET status = 'WAITING'
    FROM step WHERE step_attempt.step_id = step.id AND step_attempt.number = $4 AND step_attempt.status = 'RUNNING'
  ), wait AS (
    INSERT INTO step_wait (step_id, tenant_id, job_id, attempt, kind, until, deadline, wake_at, message, form, child_job_id)
    SELECT step.id, fenced.tenant_id, fenced.id, $4, $5::wait_kind, $6::timestamptz, now() + $7::float8 * interval '1 ms',
      -- The earlier of the two; one that is not set does not count.
      least($6::timestamptz, now() + $7::float8 * interval '1 ms'), $8, $9::json, $10::uuid
    FROM fenced, step ${REPLACE_WAIT}
  ), event AS (
    INSERT INTO job_event (tenant_id, job_id, kind) SELECT tenant_id, id, 'progressed' FROM fenced
  )
  SELECT id FROM fenced`;

/** A step whose next try is further away than a worker is kept for. */
export interface ParkedRetry {
  stepId: string;
  attempt: number;
  inMs: number;
}

/**
 * RUNNING → WAITING by the worker that holds the job, once nothing of it can run. False when a wait has ended that the worker
 * does not know of, a cancel or a pause is pending, or the lease was lost.
 * @param wakes how many ends of waits it knows of
 */
export async function waitWithHeldJob(
  db: Database,
  lease: HeldJob,
  wakes: number,
  retries: readonly ParkedRetry[],
): Promise<boolean> {
  const { rows } = await db.pool.query({
    name: 'wait-with-held-job',
    text: WAIT_WITH_HELD,
    values: [lease.jobId, lease.epoch, fromStates('wait'), wakes, storableJson(retries)],
  });
  return rows.length > 0;
}

const WAIT_WITH_HELD = `
  WITH retry AS (
    SELECT "stepId", attempt, now() + "inMs" * interval '1 ms' AS at
    FROM jsonb_to_recordset($5::jsonb) AS r("stepId" uuid, attempt int, "inMs" float8)
  ), put_down AS (
    UPDATE job SET status = 'WAITING', step_percent = 0, updated_at = now(), current_step_key = (
        SELECT s.key FROM job_step s WHERE s.job_id = $1 AND (s.status = 'WAITING' OR s.id IN (SELECT "stepId" FROM retry))
        ORDER BY s.index, s.position LIMIT 1)
    WHERE id = $1 AND epoch = $2 AND status = ANY($3::job_status[]) AND wakes = $4
      AND cancel_requested_at IS NULL AND pause_requested_at IS NULL
    RETURNING id, tenant_id
  ), ended AS (
    UPDATE execution SET completed_at = now(), outcome = 'waiting'
    FROM put_down WHERE execution.job_id = put_down.id AND execution.epoch = $2
  ), steps AS (
    -- What is RUNNING is a forEach step whose items wait.
    UPDATE job_step SET status = 'WAITING' FROM put_down
    WHERE job_step.job_id = put_down.id
      AND (job_step.status = 'RUNNING' OR job_step.id IN (SELECT "stepId" FROM retry))
  ), waits AS (
    INSERT INTO step_wait (step_id, tenant_id, job_id, attempt, kind, until, wake_at)
    SELECT retry."stepId", put_down.tenant_id, put_down.id, retry.attempt, 'RETRY', retry.at, retry.at FROM put_down, retry
    ${REPLACE_WAIT}
  ), counter AS (
    UPDATE log_counter SET epoch = 0 FROM put_down WHERE log_counter.job_id = put_down.id
  ), event AS (
    INSERT INTO job_event (tenant_id, job_id, kind) SELECT tenant_id, id, 'waiting' FROM put_down
  ), wake AS (
    SELECT min(at) AS at FROM (
      SELECT w.wake_at AS at FROM step_wait w JOIN job_step s ON s.id = w.step_id
      WHERE w.job_id = $1 AND s.status = 'WAITING'
      UNION ALL SELECT at FROM retry) AS moment
  )
  SELECT put_down.id, CASE WHEN wake.at IS NOT NULL THEN (${addWakeTask('put_down', 'wake.at')}).id END AS task FROM put_down, wake`;

/** The steps go on in the attempts that waited. False when the lease was lost. Asking again changes nothing. */
export async function resumeWaits(db: Database, lease: HeldJob, stepIds: readonly string[]): Promise<boolean> {
  const { rows } = await db.pool.query({
    name: 'resume-waits',
    text: `
      WITH fenced AS (
        UPDATE job SET updated_at = now(), current_step_key = (SELECT key FROM job_step WHERE id = ($3::uuid[])[1])
        WHERE id = $1 AND epoch = $2 AND status = 'RUNNING' RETURNING id, tenant_id
      ), steps AS (
        UPDATE job_step SET status = 'RUNNING' FROM fenced
        WHERE job_step.job_id = fenced.id AND job_step.id = ANY($3::uuid[]) AND job_step.status IN ('WAITING', 'RUNNING')
        RETURNING job_step.id, job_step.attempt_number
      ), attempts AS (
        UPDATE step_attempt SET status = 'RUNNING', epoch = $2 FROM steps
        WHERE step_attempt.step_id = steps.id AND step_attempt.number = steps.attempt_number
          AND step_attempt.status IN ('WAITING', 'RUNNING')
      ), event AS (
        INSERT INTO job_event (tenant_id, job_id, kind) SELECT tenant_id, id, 'progressed' FROM fenced
      )
      SELECT id FROM fenced`,
    values: [lease.jobId, lease.epoch, stepIds],
  });
  return rows.length > 0;
}

/** SQL: whether the attempt that a RUNNING step makes has waited, by the wait `w` of the step. */
export function hasResumed(step: string, wait: string): string {
  return `${wait}.attempt = ${step}.attempt_number AND ${wait}.kind <> 'RETRY'`;
}

export interface OpenWait {
  stepId: string;
  attempt: number;
  kind: 'TIME' | 'APPROVAL' | 'JOB' | 'RETRY';
  /** Milliseconds until the step goes on by itself; 0 and less when it is to go on now, null when something else decides. */
  inMs: number | null;
  /** What is left of the time of its attempt once it goes on; null when that is not limited. */
  timeLeftMs: number | null;
  /** Null while nothing is decided, and where nothing is to be decided. */
  decision: { approved: boolean; comment: string | null; form: JsonObject | null; decidedAt: string } | null;
  /** The end of the other job; null until then, and when that was deleted. */
  child: EndedChild | null;
}

export interface EndedChild {
  id: string;
  workflow: string;
  status: 'COMPLETED' | 'FAILED' | 'CANCELLED';
  output: Json;
  error: { message: string; category: ErrorCategory; stepKey: string | null } | null;
}

export interface OpenWaits {
  /** How many waits have ended: what waitWithHeldJob asks for. */
  wakes: number;
  waits: OpenWait[];
}

/** What the steps of a job wait for, and what has come of it. */
export async function readWaits(db: Database, jobId: string): Promise<OpenWaits> {
  const { rows } = await db.pool.query<OpenWaits>({
    name: 'read-waits',
    text: `
      SELECT job.wakes, coalesce((
        SELECT jsonb_agg(jsonb_build_object('stepId', w.step_id, 'attempt', w.attempt, 'kind', w.kind,
          'inMs', extract(epoch FROM w.wake_at - now()) * 1000,
          -- Waiting for a worker afterwards costs a step no time.
          'timeLeftMs', extract(epoch FROM w.deadline - w.wake_at) * 1000,
          'decision', CASE WHEN w.approved IS NOT NULL THEN jsonb_build_object(
            'approved', w.approved, 'comment', w.comment, 'form', w.answer, 'decidedAt', w.decided_at) END,
          'child', (SELECT jsonb_build_object('id', c.id, 'workflow', c.workflow_slug, 'status', c.status, 'output', c.output,
              'error', CASE WHEN c.error_message IS NOT NULL
                THEN jsonb_build_object('message', c.error_message, 'category', c.error_category, 'stepKey', c.error_step_key) END)
            FROM job c WHERE c.id = w.child_job_id AND c.completed_at <= coalesce(w.deadline, c.completed_at))
        ) ORDER BY s.index, s.position)
        FROM step_wait w JOIN job_step s ON s.id = w.step_id WHERE w.job_id = job.id AND s.status = 'WAITING'), '[]') AS waits
      FROM job WHERE job.id = $1`,
    values: [jobId],
  });
  return rows[0] ?? { wakes: 0, waits: [] };
}

/** SQL: whether a wait of the row `job` is over that its step has not heard of. @param of further SQL about the wait `w` */
export const someWaitIsOver = (of = 'true') => `EXISTS (
  SELECT FROM step_wait w JOIN job_step s ON s.id = w.step_id
  WHERE w.job_id = job.id AND s.status = 'WAITING' AND w.wake_at <= now() AND ${of})`;

/** SQL that wakes the rows that `which` (SQL over `job`) holds for: WAITING → QUEUED; who holds a RUNNING one sees the mark. */
const wakeStatement = (which: string) => `
  WITH woken AS (
    UPDATE job SET wakes = wakes + 1, updated_at = now(),
      status = CASE WHEN status = 'WAITING' THEN 'QUEUED'::job_status ELSE status END,
      current_step_key = CASE WHEN status = 'WAITING' THEN NULL ELSE current_step_key END,
      queued_at = CASE WHEN status = 'WAITING' THEN now() ELSE queued_at END
    WHERE ${which}
    RETURNING id, tenant_id, status, priority, queue
  ), event AS (
    INSERT INTO job_event (tenant_id, job_id, kind) SELECT tenant_id, id, 'queued' FROM woken WHERE status = 'QUEUED'
  )
  SELECT id, status, CASE WHEN status = 'QUEUED' THEN (${addTask('woken')}).id END AS task,
    CASE WHEN status = 'QUEUED' THEN (${removeWakeTask('woken')}).id END AS wake FROM woken`;

export interface WokenJob {
  id: string;
  /** Now. Whoever holds a RUNNING one should look at its marks. */
  status: 'QUEUED' | 'RUNNING';
}

/** Wakes a job if one of its waits is over. Nothing when none is, or it does not wait: calling too often is harmless. */
export async function wakeJob(db: Database, jobId: string): Promise<WokenJob | undefined> {
  const { rows } = await db.pool.query<WokenJob>({
    name: 'wake-job',
    text: wakeStatement(`job.id = $1 AND job.status = ANY($2::job_status[]) AND ${someWaitIsOver()}`),
    values: [jobId, [...fromStates('wake'), 'RUNNING']],
  });
  return rows[0];
}

/** Wakes jobs whose wake-up call got lost, or comes late because every worker is busy. */
export async function wakeForgottenJobs(db: Database, limit: number): Promise<WokenJob[]> {
  const { rows } = await db.pool.query<WokenJob>({
    name: 'wake-forgotten-jobs',
    text: wakeStatement(`job.id IN (
      SELECT job.id FROM job WHERE job.status = ANY($1::job_status[]) AND ${someWaitIsOver()}
      UNION ALL
      -- The end of another job is told by a task only, and that may have to wait for a free worker.
      SELECT job.id FROM job WHERE job.status = 'RUNNING' AND ${someWaitIsOver(`w.kind = 'JOB'`)}
      LIMIT $2) AND job.status IN ('WAITING', 'RUNNING')`),
    values: [fromStates('wake'), limit],
  });
  return rows;
}
