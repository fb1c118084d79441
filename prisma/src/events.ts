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

/** The position that everything committed from now on is behind. Take it before reading the state it belongs to. */
export async function currentEventPosition(db: Database): Promise<EventPosition> {
  const { rows } = await db.pool.query<{ xid: string }>({
    name: 'current-event-position',
    text: 'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xid',
  });
  if (!rows[0]) throw new Error('the database gave no snapshot');
  return { xid: rows[0].xid, id: '0' };
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
  const { rows } = await db.pool.query<JobEventRow & { hidden: boolean }>({
    name: jobId === undefined ? 'read-events-after' : 'read-job-events-after',
    text: `SELECT xid::text AS xid, id::text AS id, tenant_id AS "tenantId", job_id AS "jobId", kind,
             xid >= pg_snapshot_xmin(pg_current_snapshot()) AS hidden
           FROM job_event
           WHERE (xid, id) > ($1::xid8, $2::bigint) ${jobId === undefined ? '' : 'AND job_id = $4'}
           ORDER BY xid, id LIMIT $3`,
    values: jobId === undefined ? [after.xid, after.id, limit] : [after.xid, after.id, limit, jobId],
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
