/** Jobs that share a concurrency key: only so many of a tenant run beside each other, the others stay QUEUED. */
import type { Pool, PoolClient } from 'pg';
import type { Database } from './client.ts';
import { ConflictError } from './failures.ts';
import { addTask, taskNumber, taskTime } from './queue.ts';
import { inTransaction } from './transaction.ts';

/** Until the transaction ends nobody else claims or makes a job of this key. */
export async function lockKey(client: Pick<PoolClient, 'query'>, tenantId: string, key: string): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0))`, [tenantId, key]);
}

/** Does the work when a job that is QUEUED may run by its key; nothing otherwise, and for jobs without a key. */
export async function whenKeyIsFree<T>(
  pool: Pool,
  jobId: string,
  work: (client: PoolClient) => Promise<T>,
): Promise<T | undefined> {
  const { rows } = await pool.query<{ tenantId: string; key: string; limit: number }>({
    name: 'concurrency-of-job',
    text: `SELECT tenant_id AS "tenantId", concurrency_key AS key, concurrency_limit AS limit FROM job
           WHERE id = $1 AND status = 'QUEUED' AND concurrency_key IS NOT NULL`,
    values: [jobId],
  });
  const job = rows[0];
  if (!job) return undefined;
  return inTransaction(pool, async (client) => {
    await lockKey(client, job.tenantId, job.key);
    // A statement of its own: it sees what others did while this one waited for the lock.
    const running = await client.query(
      `SELECT FROM job WHERE tenant_id = $1 AND concurrency_key = $2 AND status = 'RUNNING' LIMIT $3`,
      [job.tenantId, job.key, job.limit],
    );
    return (running.rowCount ?? 0) < job.limit ? work(client) : undefined;
  });
}

/**
 * Throws ConflictError when so many jobs of the key, which is locked, are under way already.
 * @param within jobs that the new one is part of, which are not in its way
 */
export async function refuseWhenTaken(
  client: Pick<PoolClient, 'query'>,
  { key, limit, tenantId, within = [] }: { tenantId: string; key: string; limit: number; within?: readonly string[] },
): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM job WHERE tenant_id = $1 AND concurrency_key = $2 AND status IN ('QUEUED', 'RUNNING', 'WAITING')
       AND id <> ALL($4::uuid[]) ORDER BY id LIMIT $3`,
    [tenantId, key, limit, within],
  );
  const [first] = rows;
  if (rows.length < limit || !first) return;
  const many = limit === 1 ? 'a job' : `${limit} jobs`;
  throw new ConflictError(
    `The workflow refuses a new job while ${many} of the concurrency key "${key}" ${limit === 1 ? 'is' : 'are'} under way (job ${first.id}). Wait for its end, or cancel it.`,
  );
}

/** Calls queued jobs of the key, the most urgent first: one that held a place has just ended. */
export async function callWaitingJobs(db: Database, tenantId: string, key: string): Promise<void> {
  await db.pool.query({
    name: 'call-waiting-jobs',
    text: `SELECT (${addTask('job', 'job.queued_at')}).id FROM (
             SELECT * FROM job WHERE tenant_id = $1 AND concurrency_key = $2 AND status = 'QUEUED'
             ORDER BY ${taskNumber('job')}, ${taskTime('job')}, id LIMIT 10) AS job`,
    values: [tenantId, key],
  });
}

/**
 * The oldest jobs under way that must make room for this one, of its key and beyond its limit, if its workflow wants that. Those
 * that it is part of stay.
 */
export async function findSuperseded(db: Database, tenantId: string, jobId: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string }>({
    name: 'find-superseded',
    text: `WITH RECURSIVE outer_job AS (
             SELECT parent_id AS id FROM job WHERE id = $1
             UNION ALL SELECT job.parent_id FROM job JOIN outer_job ON job.id = outer_job.id
           )
           SELECT other.id FROM job own JOIN job other ON other.tenant_id = own.tenant_id
             AND other.concurrency_key = own.concurrency_key AND other.id < own.id
             JOIN workflow_version v ON v.workflow_id = own.workflow_id AND v.version = own.workflow_version
           WHERE v.definition->'concurrency'->>'onConflict' = 'cancel-oldest' AND own.status IN ('QUEUED', 'RUNNING')
             AND own.id = $1 AND own.tenant_id = $2 AND other.status IN ('QUEUED', 'RUNNING', 'WAITING') AND other.cancel_requested_at IS NULL
             AND other.id NOT IN (SELECT id FROM outer_job WHERE id IS NOT NULL)
           ORDER BY other.id DESC OFFSET (SELECT concurrency_limit - 1 FROM job WHERE id = $1)`,
    values: [jobId, tenantId],
  });
  return rows.map((row) => row.id);
}
