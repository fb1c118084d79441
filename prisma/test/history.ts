/** What must be true of a database when everything has come to rest, whatever was done to the processes before. */
import type { Database } from '../src/client.ts';
import { LEASE_RULES, LOG_RULES, OUTCOME_RULES } from './history-rules.ts';

export interface HistoryOptions {
  /** States in which jobs may rest beside their final ones. */
  resting?: readonly string[];
  /** What was acknowledged: the job must be there, in one of these states when some are given. */
  acknowledged?: readonly { jobId: string; states?: readonly string[] }[];
  /** Programs that live, with the execution that each says it belongs to. Those of other databases are ignored. */
  programs?: ReadonlyMap<string, readonly number[]>;
}

const FINAL = ['COMPLETED', 'FAILED', 'CANCELLED'];

/** One line for each violation; none when the history holds. */
export async function checkHistory(db: Database, options: HistoryOptions = {}): Promise<string[]> {
  const client = await db.pool.connect();
  try {
    // One picture for all rules.
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const ask = async (text: string, values: unknown[] = []) =>
      (await client.query<{ violation: string }>(text, values)).rows.map(({ violation }) => violation);
    const found = await ask(NOT_AT_REST, [[...FINAL, ...(options.resting ?? [])]]);
    for (const rule of [...OUTCOME_RULES, ...LOG_RULES, ...LEASE_RULES]) found.push(...(await ask(rule)));
    for (const { jobId, states } of options.acknowledged ?? [])
      found.push(...(await ask(ACKNOWLEDGED, [jobId, states ?? null])));
    for (const [executionId, ids] of options.programs ?? []) found.push(...(await ask(PROGRAMS, [executionId, ids])));
    return found;
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

const NOT_AT_REST = `SELECT format('job %s is %s', id, status) AS violation FROM job WHERE status::text <> ALL($1)`;

const ACKNOWLEDGED = `
  SELECT format('job %s was acknowledged and is %s', $1::uuid, coalesce(job.status::text, 'not there')) AS violation
  FROM (SELECT) AS always LEFT JOIN job ON job.id = $1
  WHERE job.id IS NULL OR job.status::text <> ALL(coalesce($2::text[], ARRAY[job.status::text]))`;

const PROGRAMS = `
  SELECT format('the execution %s of job %s is over and its programs live: %s', id, job_id, $2::int[]) AS violation
  FROM execution WHERE id = $1::uuid AND completed_at IS NOT NULL`;
