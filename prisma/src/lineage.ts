/** Where a job comes from and what was made from it: reruns, forks, and the jobs that steps run. */
import type { Database } from './client.ts';

export type RelationKind = 'RERUN' | 'FORK' | 'CHILD';

export interface JobRelation {
  id: string;
  /** What the younger of the two is to the older one. */
  kind: RelationKind;
  /** The one nearer to the job that was asked for. */
  of: string;
  distance: number;
}

export interface Lineage {
  ancestors: JobRelation[];
  descendants: JobRelation[];
  /** There are more than `limit` of either kind. */
  truncated: boolean;
}

const DEEPEST = 100;

/** At most `limit` of each, the nearest first. */
export async function readLineage(db: Database, tenantId: string, jobId: string, limit: number): Promise<Lineage> {
  const { rows } = await db.pool.query<JobRelation & { older: boolean }>({
    name: 'read-lineage',
    text: `
      WITH RECURSIVE up AS (
        SELECT j.id, j.rerun_of_id, j.forked_from_id, j.parent_id, NULL::text AS kind, NULL::uuid AS of, 0 AS distance
        FROM job j WHERE j.id = $1 AND j.tenant_id = $2
        UNION ALL
        SELECT j.id, j.rerun_of_id, j.forked_from_id, j.parent_id, source.kind, up.id, up.distance + 1
        FROM up,
          LATERAL (VALUES (up.rerun_of_id, 'RERUN'), (up.forked_from_id, 'FORK'), (up.parent_id, 'CHILD')) AS source(id, kind)
          JOIN job j ON j.id = source.id AND j.tenant_id = $2
        WHERE up.distance < ${DEEPEST}
      ), down AS (
        SELECT j.id, NULL::text AS kind, NULL::uuid AS of, 0 AS distance FROM job j WHERE j.id = $1 AND j.tenant_id = $2
        UNION ALL
        SELECT made.id, made.kind, down.id, down.distance + 1
        FROM down, LATERAL (
          SELECT j.id, 'RERUN' AS kind FROM job j WHERE j.rerun_of_id = down.id AND j.tenant_id = $2
          UNION ALL SELECT j.id, 'FORK' FROM job j WHERE j.forked_from_id = down.id AND j.tenant_id = $2
          UNION ALL SELECT j.id, 'CHILD' FROM job j WHERE j.parent_id = down.id AND j.tenant_id = $2
        ) made WHERE down.distance < ${DEEPEST}
      )
      -- Both come in the order of their distance, and no more of them are looked for than are wanted.
      SELECT * FROM (
        (SELECT true AS older, id, kind, of, distance FROM up WHERE distance > 0 LIMIT $3 + 1)
        UNION ALL
        (SELECT false, id, kind, of, distance FROM down WHERE distance > 0 LIMIT $3 + 1)
      ) related ORDER BY distance, id`,
    values: [jobId, tenantId, limit],
  });
  const nearest = (older: boolean) => {
    const seen = new Map<string, JobRelation>();
    for (const { older: isOlder, ...relation } of rows) {
      if (isOlder === older && !seen.has(relation.id)) seen.set(relation.id, relation);
    }
    return [...seen.values()].slice(0, limit);
  };
  const tooMany = (older: boolean) => rows.filter((row) => row.older === older).length > limit;
  return { ancestors: nearest(true), descendants: nearest(false), truncated: tooMany(true) || tooMany(false) };
}
