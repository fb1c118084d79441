/** Answers to "why?" and "until when?" about jobs, many at once. */
import type { ErrorCategory, JobStatus } from '@signalbox/core/statuses';
import type { Database } from './client.ts';

export interface RootCause {
  jobId: string;
  stepKey: string;
  message: string;
  category: ErrorCategory;
}

/** Of failed jobs the step that failed first, those left out that are allowed to fail. A job without such a step is missing. */
export async function findRootCauses(db: Database, jobIds: readonly string[]): Promise<Map<string, RootCause>> {
  const { rows } = await db.pool.query<RootCause>({
    name: 'find-root-causes',
    text: `
      SELECT DISTINCT ON (s.job_id) s.job_id AS "jobId", s.key AS "stepKey", s.error_message AS message,
        s.error_category AS category
      FROM job j JOIN job_step s ON s.job_id = j.id AND s.status = 'FAILED'
        JOIN workflow_version v ON v.workflow_id = j.workflow_id AND v.version = j.workflow_version
      WHERE j.id = ANY($1::uuid[]) AND j.status = 'FAILED' AND (s.key = j.error_step_key OR NOT EXISTS (
        SELECT FROM json_array_elements(v.definition->'steps') AS d WHERE d->>'key' = s.key AND d->>'continueOnError' = 'true'))
      ORDER BY s.job_id, s.completed_at, s.index`,
    values: [jobIds],
  });
  return new Map(rows.map((row) => [row.jobId, row]));
}

/** What a job that does not run stands before. */
export interface QueueSight {
  jobId: string;
  status: JobStatus;
  queue: string;
  /** Healthy workers that serve its queue, the jobs they can hold, and those they do hold. */
  workers: number;
  slots: number;
  taken: number;
  /** Types of its open steps that none of these workers has. */
  missingTypes: string[];
  /** Queued jobs of its queue that come before it. */
  ahead: number;
}

/** @param leaseSeconds a worker whose last beat is older is not healthy */
export async function lookAtQueues(
  db: Database,
  tenantId: string,
  jobIds: readonly string[],
  leaseSeconds: number,
): Promise<Map<string, QueueSight>> {
  const { rows } = await db.pool.query<QueueSight>({
    name: 'look-at-queues',
    text: `
      WITH healthy AS (
        SELECT w.id, w.queues, w.concurrency,
          (SELECT count(*) FROM execution e WHERE e.worker_id = w.id AND e.completed_at IS NULL) AS held
        FROM worker w
        WHERE w.tenant_id = $1 AND w.stopped_at IS NULL AND w.last_seen_at > now() - make_interval(secs => $3)
      )
      SELECT j.id AS "jobId", j.status, j.queue, serving.workers, serving.slots, serving.taken,
        coalesce((SELECT array_agg(DISTINCT s.type ORDER BY s.type) FROM job_step s
          WHERE s.job_id = j.id AND s.status = 'PENDING' AND NOT EXISTS (
            SELECT FROM healthy h JOIN worker_step_type t ON t.worker_id = h.id
            WHERE j.queue = ANY(h.queues) AND t.type = s.type)), '{}') AS "missingTypes",
        (SELECT count(*)::int FROM job other WHERE other.tenant_id = j.tenant_id AND other.status = 'QUEUED'
          AND other.queue = j.queue AND (other.priority > j.priority OR other.priority = j.priority
            AND (other.queued_at, other.id) < (j.queued_at, j.id))) AS ahead
      FROM job j, LATERAL (
        SELECT count(*)::int AS workers, coalesce(sum(h.concurrency), 0)::int AS slots, coalesce(sum(h.held), 0)::int AS taken
        FROM healthy h WHERE j.queue = ANY(h.queues)
      ) AS serving
      WHERE j.id = ANY($2::uuid[]) AND j.tenant_id = $1`,
    values: [tenantId, jobIds, leaseSeconds],
  });
  return new Map(rows.map((row) => [row.jobId, row]));
}

export interface VersionAddress {
  workflowId: string;
  version: number;
}

/**
 * How long jobs of workflow versions usually take: the median of the last 20 that completed, in milliseconds, in the order
 * asked; undefined without any among the last 500 jobs of the workflow.
 */
export async function usualDurations(
  db: Database,
  tenantId: string,
  versions: readonly VersionAddress[],
): Promise<(number | undefined)[]> {
  const { rows } = await db.pool.query<{ place: number; ms: number | null }>({
    name: 'usual-durations',
    text: `
      SELECT asked.place::int AS place, usual.ms
      FROM unnest($2::uuid[], $3::int[]) WITH ORDINALITY AS asked(workflow_id, version, place)
        JOIN workflow w ON w.id = asked.workflow_id AND w.tenant_id = $1,
      LATERAL (
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM done.completed_at - done.started_at) * 1000)::float8 AS ms
        FROM (
          SELECT recent.started_at, recent.completed_at
          FROM (
            SELECT job.id, job.workflow_version, job.status, job.started_at, job.completed_at FROM job
            WHERE job.tenant_id = $1 AND job.workflow_slug = w.slug ORDER BY job.id DESC LIMIT 500
          ) AS recent
          WHERE recent.status = 'COMPLETED' AND recent.workflow_version = asked.version
          ORDER BY recent.id DESC LIMIT 20
        ) AS done
      ) AS usual`,
    values: [tenantId, versions.map(({ workflowId }) => workflowId), versions.map(({ version }) => version)],
  });
  const byPlace = new Map(rows.map(({ ms, place }) => [place, ms ?? undefined]));
  return versions.map((_version, index) => byPlace.get(index + 1));
}
