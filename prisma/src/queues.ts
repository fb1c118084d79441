/** The named queues, as a monitor shows them. */
import type { JobPriority } from '@signalbox/core/statuses';
import type { Database } from './client.ts';
import { servesTenant } from './serving-workers.ts';

export interface QueueRow {
  name: string;
  /** Jobs that stand in it, by priority; priorities without any are left out. */
  queued: Partial<Record<JobPriority, number>>;
  running: number;
  waiting: number;
  oldestQueuedAt: Date | null;
  /** Healthy workers that serve it, the jobs they can hold, and those they do hold, of whatever queue. */
  workers: number;
  slots: number;
  criticalSlots: number;
  taken: number;
  /** Of the jobs that were started lately: how long half of them, and all but one in twenty, had stood in it. */
  medianWaitMs: number | null;
  p95WaitMs: number | null;
}

/** Every queue that a job which is not final is in, or that a healthy worker serves, in the order of the alphabet. */
export async function listQueues(db: Database, tenantId: string, leaseSeconds: number): Promise<QueueRow[]> {
  const { rows } = await db.pool.query<QueueRow>({
    name: 'list-queues',
    text: `
      WITH healthy AS (
        SELECT w.queues, w.concurrency, w.critical_slots,
          (SELECT count(*) FROM execution e WHERE e.worker_id = w.id AND e.completed_at IS NULL) AS held
        FROM worker w
        WHERE ${servesTenant('w')} AND w.stopped_at IS NULL AND w.last_seen_at > now() - make_interval(secs => $2)
      ), standing AS (
        SELECT queue, 'QUEUED' AS status, priority, count(*)::int AS jobs, min(queued_at) AS oldest FROM job
        WHERE tenant_id = $1 AND status = 'QUEUED' GROUP BY queue, priority
        UNION ALL
        SELECT queue, status::text, NULL, count(*)::int, NULL FROM job
        WHERE tenant_id = $1 AND status IN ('RUNNING', 'WAITING') GROUP BY queue, status
      ), waits AS (
        SELECT queue, percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY ms) AS ms FROM (
          SELECT queue, extract(epoch FROM started_at - queued_at)::float8 * 1000 AS ms FROM job
          WHERE tenant_id = $1 AND started_at IS NOT NULL ORDER BY started_at DESC, id DESC LIMIT 500
        -- One that was queued again since it started tells nothing.
        ) AS started WHERE ms >= 0 GROUP BY queue
      )
      SELECT q.name,
        coalesce((SELECT jsonb_object_agg(s.priority, s.jobs) FROM standing s WHERE s.queue = q.name AND s.status = 'QUEUED'), '{}') AS queued,
        coalesce((SELECT sum(s.jobs) FROM standing s WHERE s.queue = q.name AND s.status = 'RUNNING'), 0)::int AS running,
        coalesce((SELECT sum(s.jobs) FROM standing s WHERE s.queue = q.name AND s.status = 'WAITING'), 0)::int AS waiting,
        (SELECT min(s.oldest) FROM standing s WHERE s.queue = q.name AND s.status = 'QUEUED') AS "oldestQueuedAt",
        serving.*, waits.ms[1] AS "medianWaitMs", waits.ms[2] AS "p95WaitMs"
      FROM (SELECT queue AS name FROM standing UNION SELECT unnest(queues) FROM healthy) AS q
        LEFT JOIN waits ON waits.queue = q.name,
      LATERAL (
        SELECT count(*)::int AS workers, coalesce(sum(h.concurrency), 0)::int AS slots,
          coalesce(sum(h.critical_slots), 0)::int AS "criticalSlots", coalesce(sum(h.held), 0)::int AS taken
        FROM healthy h WHERE q.name = ANY(h.queues)
      ) AS serving
      ORDER BY q.name`,
    values: [tenantId, leaseSeconds],
  });
  return rows;
}
