/** Subjects: what jobs are about. They have no rows of their own; each is there as long as a job names it. */
import type { JobStatus } from '@signalbox/core/statuses';
import type { Database } from './client.ts';
import { escapeLike } from './like-pattern.ts';
import { storableText } from './storable.ts';

/** The newest job of one workflow about one subject. */
export interface StageRow {
  subject: string;
  workflowSlug: string;
  jobId: string;
  status: JobStatus;
}

export interface SubjectsRequest {
  /** Only those behind this one, in the order of their names. */
  after: string | null;
  /** Only those with this text in their name, in any case. */
  search: string | null;
  limit: number;
}

/**
 * The names of the tenant's subjects in their order. Each is found by one step down the index, however many jobs are about it.
 */
export async function listSubjects(db: Database, tenantId: string, request: SubjectsRequest): Promise<string[]> {
  const next = (place: string) => `
    SELECT subject FROM job
    WHERE tenant_id = $1 AND subject ${place} AND ($3::text IS NULL OR subject ILIKE $3) ORDER BY subject LIMIT 1`;
  const { rows } = await db.pool.query<{ subject: string }>({
    name: request.after == null ? 'list-subjects' : 'list-subjects-after',
    text: `WITH RECURSIVE found AS (
             SELECT first.subject, 1 AS place FROM (${next(request.after == null ? '>= $2' : '> $2')}) first
             UNION ALL
             SELECT following.subject, place + 1 FROM found CROSS JOIN LATERAL (${next('> found.subject')}) following
             WHERE place < $4
           )
           SELECT subject FROM found ORDER BY place LIMIT $4`,
    values: [tenantId, request.after ?? '', patternOf(request.search), request.limit],
  });
  return rows.map(({ subject }) => subject);
}

export async function countSubjects(db: Database, tenantId: string, search: string | null): Promise<number> {
  const { rows } = await db.pool.query<{ count: number }>({
    name: 'count-subjects',
    text: `SELECT count(DISTINCT subject)::int AS count FROM job
           WHERE tenant_id = $1 AND subject IS NOT NULL AND ($2::text IS NULL OR subject ILIKE $2)`,
    values: [tenantId, patternOf(search)],
  });
  return rows[0]?.count ?? 0;
}

/** The newest job of each workflow about each of the subjects, in the order of the workflows. */
export async function readStages(
  db: Database,
  tenantId: string,
  subjects: readonly string[],
): Promise<Map<string, StageRow[]>> {
  const { rows } = await db.pool.query<StageRow>({
    name: 'read-stages',
    text: `SELECT DISTINCT ON (subject, workflow_slug) subject, workflow_slug AS "workflowSlug", id AS "jobId", status FROM job
           WHERE tenant_id = $1 AND subject = ANY($2::text[]) ORDER BY subject, workflow_slug, id DESC`,
    values: [tenantId, subjects.map(storableText)],
  });
  return Map.groupBy(rows, ({ subject }) => subject);
}

function patternOf(search: string | null): string | null {
  return search === null ? null : `%${escapeLike(storableText(search))}%`;
}
