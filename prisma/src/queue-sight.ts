/** What jobs that do not run stand before: workers, slots, their turn, and others with their concurrency key. */
import type { JobPriority, JobStatus } from '@signalbox/core/statuses';
import type { Database } from './client.ts';
import { comesBefore } from './queue.ts';
import { servesTenant } from './serving-workers.ts';

export interface QueueSight {
  jobId: string;
  status: JobStatus;
  queue: string;
  priority: JobPriority;
  /** Healthy workers that serve its queue, the jobs of its priority that they can hold, and those they do hold. */
  workers: number;
  slots: number;
  taken: number;
  /** Ids of the tenant's jobs they hold, the oldest first; at most `MOST_JOBS`. */
  holders: string[];
  /** Types of its open steps that none of these workers has. */
  missingTypes: string[];
  /** Queued jobs that these workers take before it, and those of them with a higher priority; none is counted beyond `MOST_AHEAD`. */
  ahead: number;
  aheadByPriority: number;
  concurrencyKey: string | null;
  concurrencyLimit: number | null;
  /** How many jobs with its concurrency key run, and their ids; at most `MOST_JOBS`. */
  keyRunning: number;
  keyHolders: string[];
}

/** Ids given of jobs that stand in the way. */
export const MOST_JOBS = 10;
/** So far jobs are counted that come before one. */
export const MOST_AHEAD = 1_000;

/** @param leaseSeconds a worker whose last beat is older is not healthy */
export async function lookAtQueues(
  db: Database,
  tenantId: string,
  jobIds: readonly string[],
  leaseSeconds: number,
): Promise<Map<string, QueueSight>> {
  const { rows } = await db.pool.query<QueueSight>({
    name: 'look-at-queues',
    text: LOOK_AT_QUEUES,
    values: [tenantId, jobIds, leaseSeconds, MOST_JOBS, MOST_AHEAD],
  });
  return new Map(rows.map((row) => [row.jobId, row]));
}

const LOOK_AT_QUEUES = `
  WITH asked AS (
    SELECT id, tenant_id, status, queue, priority, queued_at, concurrency_key, concurrency_limit FROM job
    WHERE id = ANY($2::uuid[]) AND tenant_id = $1
  ), healthy AS (
    SELECT w.id, w.queues, w.concurrency, w.critical_slots,
      (SELECT count(*) FROM execution e WHERE e.worker_id = w.id AND e.completed_at IS NULL) AS held
    FROM worker w
    WHERE ${servesTenant('w')} AND w.stopped_at IS NULL AND w.last_seen_at > now() - make_interval(secs => $3)
  ), serving AS (
    SELECT asked.queue, count(h.id)::int AS workers,
      coalesce(sum(h.concurrency), 0)::int AS slots, coalesce(sum(least(h.held, h.concurrency)), 0)::int AS taken,
      coalesce(sum(h.concurrency + h.critical_slots), 0)::int AS all_slots, coalesce(sum(h.held), 0)::int AS all_taken,
      array_agg(h.id) AS worker_ids
    FROM (SELECT DISTINCT queue FROM asked) AS asked LEFT JOIN healthy h ON asked.queue = ANY(h.queues)
    GROUP BY asked.queue
  ), sight AS MATERIALIZED (
    SELECT serving.*,
      -- What else these workers take comes before a job too.
      ARRAY(SELECT serving.queue UNION SELECT unnest(h.queues) FROM healthy h WHERE h.id = ANY(serving.worker_ids)) AS queues,
      ARRAY(SELECT e.job_id FROM execution e WHERE e.worker_id = ANY(serving.worker_ids) AND e.completed_at IS NULL AND e.tenant_id = $1
        ORDER BY e.started_at, e.job_id LIMIT $4) AS holders,
      ARRAY(SELECT DISTINCT t.type FROM worker_step_type t WHERE t.worker_id = ANY(serving.worker_ids)) AS types
    FROM serving
  ), running AS MATERIALIZED (
    SELECT concurrency_key AS key, count(*)::int AS jobs FROM job
    WHERE tenant_id = $1 AND status = 'RUNNING' AND concurrency_key IS NOT NULL GROUP BY concurrency_key
  )
  SELECT j.id AS "jobId", j.status, j.queue, j.priority, sight.workers, sight.holders,
    CASE WHEN j.priority = 'CRITICAL' THEN sight.all_slots ELSE sight.slots END AS slots,
    CASE WHEN j.priority = 'CRITICAL' THEN sight.all_taken ELSE sight.taken END AS taken,
    ARRAY(SELECT DISTINCT s.type FROM job_step s WHERE s.job_id = j.id AND s.status = 'PENDING' AND s.type <> ALL(sight.types)
      ORDER BY s.type) AS "missingTypes",
    least(before.jobs, $5::int) AS ahead, least(before.higher, $5::int) AS "aheadByPriority",
    j.concurrency_key AS "concurrencyKey", j.concurrency_limit AS "concurrencyLimit", coalesce(running.jobs, 0) AS "keyRunning",
    ARRAY(SELECT k.id FROM job k WHERE k.tenant_id = j.tenant_id AND k.concurrency_key = j.concurrency_key AND k.status = 'RUNNING'
      ORDER BY k.started_at, k.id LIMIT $4) AS "keyHolders"
  FROM asked j JOIN sight ON sight.queue = j.queue LEFT JOIN running ON running.key = j.concurrency_key,
  LATERAL (
    SELECT coalesce(sum(class.jobs), 0)::int AS jobs, coalesce(sum(class.jobs) FILTER (WHERE p.priority > j.priority), 0)::int AS higher
    FROM unnest(enum_range(NULL::job_priority)) AS p(priority), LATERAL (
      SELECT count(*) AS jobs FROM (
        SELECT FROM job o LEFT JOIN running r ON r.key = o.concurrency_key
        WHERE j.status = 'QUEUED' AND o.status = 'QUEUED' AND o.tenant_id = j.tenant_id AND o.queue = ANY(sight.queues)
          AND o.priority = p.priority AND (o.queued_at, o.id) < (${comesBefore('p.priority', 'j')}, j.id)
          -- One that waits for its key lets others pass.
          AND (r.key IS NULL OR r.jobs < o.concurrency_limit)
        LIMIT $5
      ) AS counted
    ) AS class
  ) AS before`;
