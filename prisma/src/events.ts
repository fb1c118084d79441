/**
 * The changes of all jobs, in an order that a reader can resume from. Numbers are given before commit, so a slow transaction
 * could appear behind a reader: the order is (transaction, number), read only below the oldest transaction still running.
 */
import type { Database } from './client.ts';

export interface EventPosition {
  xid: string;
  id: string;
}

export interface JobEventRow extends EventPosition {
  tenantId: string;
  jobId: string;
  kind: string;
}

/**
 * The oldest transaction of this database that still runs, or the next one when none does: whatever is below has ended, and a
 * statement that begins after this one sees all of it. A snapshot's own xmin would do as well, but counts every database of
 * the server, so that a long transaction of a neighbour would hold back what is live here. It is used where another role's
 * transactions cannot be seen.
 */
async function oldestRunning(db: Database): Promise<string> {
  const { rows } = await db.pool.query<{ xid: string }>({
    name: 'oldest-running-transaction',
    text: `
      WITH now AS MATERIALIZED (
        SELECT pg_snapshot_xmin(s)::text::bigint AS xmin, pg_snapshot_xmax(s)::text::bigint AS xmax
        FROM pg_current_snapshot() AS s
      ), running AS MATERIALIZED (
        -- Transaction numbers of 32 bits: how far each lies back, and nothing for one that began just now.
        SELECT bool_or(query = '<insufficient privilege>') AS hidden,
          max(((now.xmax - backend_xid::text::bigint + 2147483648) & 4294967295) - 2147483648) AS age
        FROM now, pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'
      )
      SELECT CASE WHEN running.hidden THEN now.xmin ELSE now.xmax - greatest(running.age, 0) END::text AS xid
      FROM now, running`,
  });
  if (!rows[0]) throw new Error('the database gave no snapshot');
  return rows[0].xid;
}

/** The position that everything committed from now on is behind. Take it before reading the state it belongs to. */
export async function currentEventPosition(db: Database): Promise<EventPosition> {
  return { xid: await oldestRunning(db), id: '0' };
}

/** What is committed at one moment, to the transaction: everything below `xmin`, and below `xmax` all but the running ones. */
export interface EventSnapshot {
  xmin: string;
  xmax: string;
  running: string[];
}

/**
 * The moment itself, where a position is not sharp enough: behind `{ xid: xmin, id: '0' }` there may be events that are
 * committed already, because some older transaction still runs.
 */
export async function currentEventSnapshot(db: Database): Promise<EventSnapshot> {
  const { rows } = await db.pool.query<{ snapshot: string }>({
    name: 'current-event-snapshot',
    text: 'SELECT pg_current_snapshot()::text AS snapshot',
  });
  const [xmin, xmax, running] = rows[0]?.snapshot.split(':') ?? [];
  if (xmin === undefined || xmax === undefined) throw new Error('the database gave no snapshot');
  return { xmin, xmax, running: running ? running.split(',') : [] };
}

/** Those of the jobs that were not there yet at that moment. */
export async function listCreatedSince(
  db: Database,
  { xmin, xmax, running }: EventSnapshot,
  jobIds: readonly string[],
): Promise<Set<string>> {
  const { rows } = await db.pool.query<{ jobId: string }>({
    name: 'list-created-since',
    text: `SELECT job_id AS "jobId" FROM job_event
           WHERE job_id = ANY($2::uuid[]) AND kind = 'created' AND NOT pg_visible_in_snapshot(xid, $1::pg_snapshot)`,
    values: [`${xmin}:${xmax}:${running.join(',')}`, jobIds],
  });
  return new Set(rows.map((row) => row.jobId));
}

/** Whether a transaction had ended at that moment. */
export function isWithin({ xmin, xmax, running }: EventSnapshot, xid: string): boolean {
  if (BigInt(xid) < BigInt(xmin)) return true;
  return BigInt(xid) < BigInt(xmax) && !running.includes(xid);
}

export interface EventBatch {
  events: JobEventRow[];
  /** There is more: either the limit was reached, or a transaction that still runs hides it. Read again soon. */
  more: boolean;
}

/** The events behind a position, in order, at most `limit`; of one job when its id is given. */
export async function readEventsAfter(
  db: Database,
  after: EventPosition,
  limit: number,
  jobId?: string,
): Promise<EventBatch> {
  const horizon = await oldestRunning(db);
  const { rows } = await db.pool.query<JobEventRow & { hidden: boolean }>({
    name: jobId === undefined ? 'read-events-after' : 'read-job-events-after',
    text: `SELECT xid::text AS xid, id::text AS id, tenant_id AS "tenantId", job_id AS "jobId", kind,
             xid >= $4::xid8 AS hidden
           FROM job_event
           WHERE (xid, id) > ($1::xid8, $2::bigint) ${jobId === undefined ? '' : 'AND job_id = $5'}
           -- Qualified, since the plain names mean the texts above, in whose order 10 stands before 9.
           ORDER BY job_event.xid, job_event.id LIMIT $3`,
    values: [after.xid, after.id, limit, horizon, ...(jobId === undefined ? [] : [jobId])],
  });
  const events = rows.filter((row) => !row.hidden);
  return { events, more: rows.length === limit || events.length < rows.length };
}

/**
 * Jobs of a tenant with events behind a position, at most `limit`: also those that older transactions still hide from
 * readEventsAfter.
 */
export async function listChangedJobs(
  db: Database,
  tenantId: string,
  after: EventPosition,
  limit: number,
): Promise<string[]> {
  const { rows } = await db.pool.query<{ jobId: string }>({
    name: 'list-changed-jobs',
    text: `SELECT DISTINCT job_id AS "jobId" FROM job_event
           WHERE (xid, id) > ($2::xid8, $3::bigint) AND tenant_id = $1 LIMIT $4`,
    values: [tenantId, after.xid, after.id, limit],
  });
  return rows.map((row) => row.jobId);
}
