/**
 * What executors write while they run jobs: attempts started and ended, steps skipped, the job settled with its last step.
 * One statement for the changes of all jobs that are ready to be written; each job's part is fenced by its epoch.
 */
import type { Database } from './client.ts';
import type { JobChange } from './job-change.ts';
import { changeStatement } from './progress-statement.ts';

/**
 * Writes the changes, at most one of each job; returns the ids of the jobs that still belong to the writer. A job that is
 * missing was lost: stop it. Repeating a call whose answer got lost changes nothing more and gives the answer again.
 */
export async function recordChanges(db: Database, changes: readonly JobChange[]): Promise<Set<string>> {
  const { rows } = await db.pool.query<{ id: string }>(changeStatement(changes));
  return new Set(rows.map((row) => row.id));
}
