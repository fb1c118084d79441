/** What broke failed jobs first, many at once. */
import type { ErrorCategory } from '@signalbox/core/statuses';
import type { Database } from './client.ts';

export interface RootCause {
  jobId: string;
  stepKey: string;
  message: string;
  category: ErrorCategory;
}

/**
 * Of failed jobs the step that failed first, those left out that are allowed to fail; of a list it is the item. A job without
 * such a step is missing.
 */
export async function findRootCauses(db: Database, jobIds: readonly string[]): Promise<Map<string, RootCause>> {
  const { rows } = await db.pool.query<RootCause>({
    name: 'find-root-causes',
    text: `
      SELECT DISTINCT ON (s.job_id) s.job_id AS "jobId", s.key AS "stepKey", s.error_message AS message,
        s.error_category AS category
      FROM job j JOIN job_step s ON s.job_id = j.id AND s.status = 'FAILED'
        JOIN workflow_version v ON v.workflow_id = j.workflow_id AND v.version = j.workflow_version
      WHERE j.id = ANY($1::uuid[]) AND j.status = 'FAILED' AND (s.key = j.error_step_key
        OR v.definition->'steps'->s.index->>'continueOnError' IS DISTINCT FROM 'true')
      -- An item and its list may fail at the same moment.
      ORDER BY s.job_id, s.completed_at, s.position = 0, s.index, s.position`,
    values: [jobIds],
  });
  return new Map(rows.map((row) => [row.jobId, row]));
}
