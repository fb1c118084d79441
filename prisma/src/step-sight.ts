/** What steps that do not run stand before, within their job. */
import type { ErrorCategory, JobStatus, StepStatus } from '@signalbox/core/statuses';
import type { Database } from './client.ts';

export interface StepSight {
  stepId: string;
  status: StepStatus;
  /** The step of the workflow that it is, or that it is an item of. */
  workflowStep: string;
  isItem: boolean;
  jobStatus: JobStatus;
  pauseRequested: boolean;
  workflowId: string;
  version: number;
  /** Keys of the steps it needs that are not settled, in timeline order. */
  openNeeds: string[];
  /** When its last try failed, if another one is to follow, as what, and how often it has failed. */
  failedAt: Date | null;
  failedAs: ErrorCategory | null;
  failures: number;
  /** Steps of its job that run, and items of its own list that are under way. */
  running: number;
  items: number;
}

export async function lookAtSteps(
  db: Database,
  tenantId: string,
  stepIds: readonly string[],
): Promise<Map<string, StepSight>> {
  const { rows } = await db.pool.query<StepSight>({
    name: 'look-at-steps',
    text: LOOK_AT_STEPS,
    values: [tenantId, stepIds],
  });
  return new Map(rows.map((row) => [row.stepId, row]));
}

/** A try that failed under the present worker: one from before is made again at once. */
const RETRIES = (step: string) => `EXISTS (
    SELECT FROM step_attempt a WHERE a.step_id = ${step}.id AND a.number = ${step}.attempt_number
      AND a.status = 'FAILED' AND a.epoch = job.epoch)`;

const LOOK_AT_STEPS = `
  WITH asked AS (
    SELECT s.* FROM job_step s WHERE s.id = ANY($2::uuid[]) AND s.tenant_id = $1
  ), load AS (
    SELECT s.job_id, s.index, count(*) FILTER (WHERE s.status = 'RUNNING' AND s.attempt_number > 0) AS running,
      count(*) FILTER (WHERE s.position > 0 AND (s.status IN ('RUNNING', 'WAITING') OR s.status = 'PENDING' AND ${RETRIES('s')})) AS items
    FROM job_step s JOIN job ON job.id = s.job_id
    WHERE s.job_id IN (SELECT job_id FROM asked) AND s.status IN ('PENDING', 'RUNNING', 'WAITING')
    GROUP BY s.job_id, s.index
  )
  SELECT s.id AS "stepId", s.status, s.position > 0 AS "isItem", job.status AS "jobStatus",
    (SELECT own.key FROM job_step own WHERE own.job_id = s.job_id AND own.index = s.index AND own.position = 0) AS "workflowStep",
    job.pause_requested_at IS NOT NULL AS "pauseRequested", job.workflow_id AS "workflowId", job.workflow_version AS version,
    ARRAY(SELECT n.key FROM job_step n WHERE n.job_id = s.job_id AND n.position = 0 AND n.key = ANY(s.needs)
      AND n.status IN ('PENDING', 'RUNNING', 'WAITING') ORDER BY n.index) AS "openNeeds",
    failed.completed_at AS "failedAt", failed.error_category AS "failedAs",
    (SELECT count(*)::int FROM step_attempt a WHERE a.step_id = s.id AND a.number > s.forgiven_attempts
      AND a.status = 'FAILED' AND a.error_category <> 'WORKER_LOST') AS failures,
    coalesce((SELECT sum(load.running) FROM load WHERE load.job_id = s.job_id), 0)::int AS running,
    coalesce((SELECT load.items FROM load WHERE load.job_id = s.job_id AND load.index = s.index), 0)::int AS items
  FROM asked s JOIN job ON job.id = s.job_id
    LEFT JOIN step_attempt failed ON failed.step_id = s.id AND failed.number = s.attempt_number
      AND failed.status = 'FAILED' AND failed.epoch = job.epoch`;
