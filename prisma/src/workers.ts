/** Executors as the rest of the system sees them: who lives, and which step types can be run. */
import type { Database } from './client.ts';
import { servesTenant } from './serving-workers.ts';
import { type AdvertisedPlugin, type AdvertisedStepType, advertise } from './worker-plugins.ts';

export interface NewWorker {
  id: string;
  tenantId: string;
  name: string;
  queues: string[];
  concurrency: number;
  /** Places on top of these that only CRITICAL jobs may take. */
  criticalSlots: number;
  /** Of Signalbox. */
  version: string;
  host: string;
  pid: number;
  /** Processors of its machine. */
  cpus: number;
  stepTypes: AdvertisedStepType[];
  /** What became of the plugins it was told to load; none are told of unless they are given. */
  plugins?: AdvertisedPlugin[];
}

/** A worker that was not seen for this long has its row and its step types removed. */
const FORGET_AFTER = "interval '1 day'";

export async function registerWorker(db: Database, worker: NewWorker): Promise<void> {
  await db.pool.query(
    `WITH forgotten AS (DELETE FROM worker WHERE last_seen_at < now() - ${FORGET_AFTER})
     INSERT INTO worker (id, tenant_id, name, queues, concurrency, critical_slots, version, host, pid, cpus)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      worker.id,
      worker.tenantId,
      worker.name,
      worker.queues,
      worker.concurrency,
      worker.criticalSlots,
      worker.version,
      worker.host,
      worker.pid,
      worker.cpus,
    ],
  );
  await advertise(db, worker.id, worker.stepTypes, worker.plugins ?? []);
}

/** A worker that leaves politely is unhealthy at once, not only when its beats stay away. */
export async function markWorkerStopped(db: Database, workerId: string): Promise<void> {
  await db.pool.query(`UPDATE worker SET stopped_at = now() WHERE id = $1`, [workerId]);
}

/** What a worker uses, as of one of its beats. */
export interface WorkerUsage {
  rssBytes: number;
  /** Since the beat before; 100 is one processor. */
  cpuPercent: number;
  /** Of the machine, over a minute. */
  loadAverage: number;
}

export interface WorkerRow {
  id: string;
  name: string;
  queues: string[];
  concurrency: number;
  criticalSlots: number;
  version: string | null;
  host: string | null;
  pid: number | null;
  cpus: number | null;
  rssBytes: bigint | null;
  cpuPercent: number | null;
  loadAverage: number | null;
  healthy: boolean;
  startedAt: Date;
  lastSeenAt: Date;
  stoppedAt: Date | null;
  runningJobs: number;
  /** Ids of the tenant's jobs that it holds, the oldest first; at most 100. */
  jobs: string[];
  stepTypes: string[];
}

/** Those that are gone are listed for so long, so that people can see what became of them. */
export const GONE_WORKERS_MINUTES = 10;

/** The healthy workers first, then those that are gone since a little while. Healthy means that its last beat is younger than the lease. */
export async function listWorkers(db: Database, tenantId: string, leaseSeconds: number): Promise<WorkerRow[]> {
  const { rows } = await db.pool.query<WorkerRow & { rssBytes: string | null }>({
    name: 'list-workers',
    text: `SELECT w.id, w.name, w.queues, w.concurrency, w.critical_slots AS "criticalSlots", w.version, w.host, w.pid, w.cpus,
        w.rss_bytes AS "rssBytes", w.cpu_percent AS "cpuPercent", w.load_average AS "loadAverage",
        w.started_at AS "startedAt", w.last_seen_at AS "lastSeenAt", w.stopped_at AS "stoppedAt",
        w.stopped_at IS NULL AND w.last_seen_at > now() - make_interval(secs => $2) AS healthy,
        (SELECT count(*)::int FROM execution e WHERE e.worker_id = w.id AND e.completed_at IS NULL) AS "runningJobs",
        ARRAY(SELECT e.job_id FROM execution e WHERE e.worker_id = w.id AND e.completed_at IS NULL AND e.tenant_id = $1
          ORDER BY e.started_at, e.job_id LIMIT 100) AS jobs,
        coalesce((SELECT array_agg(t.type ORDER BY t.type) FROM worker_step_type t WHERE t.worker_id = w.id), '{}') AS "stepTypes"
      FROM worker w WHERE ${servesTenant('w')}
        AND coalesce(w.stopped_at, w.last_seen_at + make_interval(secs => $2)) > now() - make_interval(mins => $3)
      ORDER BY healthy DESC, w.name, w.id`,
    values: [tenantId, leaseSeconds, GONE_WORKERS_MINUTES],
  });
  return rows.map((row) => ({ ...row, rssBytes: row.rssBytes === null ? null : BigInt(row.rssBytes) }));
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
      WHERE ${servesTenant('t')} ORDER BY t.type, w.started_at DESC, w.id DESC`,
    values: [tenantId, leaseSeconds],
  });
  return rows;
}
