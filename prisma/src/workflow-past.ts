/** What has become of the newest jobs of workflows. */
import type { Database } from './client.ts';

export interface WorkflowPast {
  /** The newest jobs, the newest first. */
  jobIds: string[];
  completed: number;
  failed: number;
}

/** So many of the newest jobs say how a workflow does. */
export const JOBS_LOOKED_AT = 100;
export const MOST_RECENT = 20;

/** In the order asked; what has no jobs has an empty past. */
export async function readWorkflowPasts(
  db: Database,
  tenantId: string,
  slugs: readonly string[],
): Promise<WorkflowPast[]> {
  const { rows } = await db.pool.query<WorkflowPast & { slug: string }>({
    name: 'workflow-pasts',
    text: `
      SELECT asked.slug, (array_agg(job.id ORDER BY job.id DESC))[1:${MOST_RECENT}] AS "jobIds",
        count(*) FILTER (WHERE job.status = 'COMPLETED')::int AS completed,
        count(*) FILTER (WHERE job.status = 'FAILED')::int AS failed
      FROM unnest($2::text[]) AS asked(slug), LATERAL (
        SELECT id, status FROM job WHERE tenant_id = $1 AND workflow_slug = asked.slug ORDER BY id DESC LIMIT ${JOBS_LOOKED_AT}
      ) AS job
      GROUP BY asked.slug`,
    values: [tenantId, slugs],
  });
  const bySlug = new Map(rows.map((row) => [row.slug, row]));
  return slugs.map((slug) => bySlug.get(slug) ?? { jobIds: [], completed: 0, failed: 0 });
}
