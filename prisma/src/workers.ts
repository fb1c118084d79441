/** Executors as the rest of the system sees them: who lives, and which step types can be run. */
import type { Database } from './client.ts';
import { type AdvertisedPlugin, type AdvertisedStepType, advertise } from './worker-plugins.ts';

export interface NewWorker {
  id: string;
  tenantId: string;
  name: string;
  queues: string[];
  concurrency: number;
  stepTypes: AdvertisedStepType[];
  /** What became of the plugins it was told to load; none are told of unless they are given. */
  plugins?: AdvertisedPlugin[];
}

/** A worker that was not seen for this long has its row and its step types removed. */
const FORGET_AFTER = "interval '1 day'";

export async function registerWorker(db: Database, worker: NewWorker): Promise<void> {
  await db.pool.query(
    `WITH forgotten AS (DELETE FROM worker WHERE last_seen_at < now() - ${FORGET_AFTER})
     INSERT INTO worker (id, tenant_id, name, queues, concurrency) VALUES ($1, $2, $3, $4, $5)`,
    [worker.id, worker.tenantId, worker.name, worker.queues, worker.concurrency],
  );
  await advertise(db, worker.id, worker.stepTypes, worker.plugins ?? []);
}

/** A worker that leaves politely is unhealthy at once, not only when its beats stay away. */
export async function markWorkerStopped(db: Database, workerId: string): Promise<void> {
  await db.pool.query(`UPDATE worker SET stopped_at = now() WHERE id = $1`, [workerId]);
}

export interface WorkerRow {
  id: string;
  name: string;
  queues: string[];
  concurrency: number;
  healthy: boolean;
  lastSeenAt: Date;
  runningJobs: number;
  stepTypes: string[];
}

/** Workers seen within the last hour, the healthy ones first. Healthy means that its last beat is younger than the lease. */
export async function listWorkers(db: Database, tenantId: string, leaseSeconds: number): Promise<WorkerRow[]> {
  const { rows } = await db.pool.query<WorkerRow>({
    name: 'list-workers',
    text: `SELECT w.id, w.name, w.queues, w.concurrency, w.last_seen_at AS "lastSeenAt",
        w.stopped_at IS NULL AND w.last_seen_at > now() - make_interval(secs => $2) AS healthy,
        (SELECT count(*)::int FROM execution e WHERE e.worker_id = w.id AND e.completed_at IS NULL) AS "runningJobs",
        coalesce((SELECT array_agg(t.type ORDER BY t.type) FROM worker_step_type t WHERE t.worker_id = w.id), '{}') AS "stepTypes"
      FROM worker w WHERE w.tenant_id = $1 AND w.last_seen_at > now() - interval '1 hour'
      ORDER BY healthy DESC, w.name, w.id`,
    values: [tenantId, leaseSeconds],
  });
  return rows;
}

export interface StepTypeRow extends AdvertisedStepType {
  /** How many healthy workers can run it. */
  workers: number;
}

/** Every step type that was advertised, as its newest worker described it, with the number of healthy workers that run it. */
export async function listStepTypes(db: Database, tenantId: string, leaseSeconds: number): Promise<StepTypeRow[]> {
  const { rows } = await db.pool.query<StepTypeRow>({
    name: 'list-step-types',
    text: `SELECT DISTINCT ON (t.type) t.type, t.title, t.description, t.icon, t.plugin, t.plugin_version AS "pluginVersion",
        t.config_schema AS "configSchema", t.output_schema AS "outputSchema", t.repeatable,
        (count(*) FILTER (WHERE w.stopped_at IS NULL AND w.last_seen_at > now() - make_interval(secs => $2))
          OVER (PARTITION BY t.type))::int AS workers
      FROM worker_step_type t JOIN worker w ON w.id = t.worker_id
      WHERE t.tenant_id = $1 ORDER BY t.type, w.started_at DESC, w.id DESC`,
    values: [tenantId, leaseSeconds],
  });
  return rows;
}
