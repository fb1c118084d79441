import type { Database } from './client.ts';

export interface VersionAddress {
  workflowId: string;
  version: number;
}

/**
 * How long jobs of workflow versions usually take: the median of the last 20 that completed, in milliseconds, in the order
 * asked; undefined without any among the last 500 jobs of the workflow.
 */
export async function usualDurations(
  db: Database,
  tenantId: string,
  versions: readonly VersionAddress[],
): Promise<(number | undefined)[]> {
  const { rows } = await db.pool.query<{ place: number; ms: number | null }>({
    name: 'usual-durations',
    text: `
      SELECT asked.place::int AS place, usual.ms
      FROM unnest($2::uuid[], $3::int[]) WITH ORDINALITY AS asked(workflow_id, version, place)
        JOIN workflow w ON w.id = asked.workflow_id AND w.tenant_id = $1,
      LATERAL (
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM done.completed_at - done.started_at) * 1000)::float8 AS ms
        FROM (
          SELECT recent.started_at, recent.completed_at
          FROM (
            SELECT job.id, job.workflow_version, job.status, job.started_at, job.completed_at FROM job
            WHERE job.tenant_id = $1 AND job.workflow_slug = w.slug ORDER BY job.id DESC LIMIT 500
          ) AS recent
          WHERE recent.status = 'COMPLETED' AND recent.workflow_version = asked.version
          ORDER BY recent.id DESC LIMIT 20
        ) AS done
      ) AS usual`,
    values: [tenantId, versions.map(({ workflowId }) => workflowId), versions.map(({ version }) => version)],
  });
  const byPlace = new Map(rows.map(({ ms, place }) => [place, ms ?? undefined]));
  return versions.map((_version, index) => byPlace.get(index + 1));
}
