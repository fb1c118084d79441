/** What people note about a job: it says nothing about how the job runs, so it may change in every state. */
import type { Database } from './client.ts';
import { isId } from './ids.ts';
import { unknownJob } from './jobs.ts';
import { storableText } from './storable.ts';

export interface JobDetails {
  /** Null takes it away; undefined leaves it. */
  subject?: string | null;
  labels?: readonly string[];
}

/** Throws NotFoundError. What is the same as before is no change. */
export async function updateJobDetails(
  db: Database,
  tenantId: string,
  id: string,
  { labels, subject }: JobDetails,
): Promise<void> {
  if (!isId(id)) throw unknownJob(id);
  const { rows } = await db.pool.query({
    name: 'update-job-details',
    text: `
      WITH wanted AS (
        SELECT id, CASE WHEN $3 THEN $4 ELSE subject END AS subject, coalesce($5::text[], labels) AS labels
        FROM job WHERE id = $1 AND tenant_id = $2
      ), touched AS (
        UPDATE job SET subject = wanted.subject, labels = wanted.labels, updated_at = now()
        FROM wanted
        WHERE job.id = wanted.id AND (job.subject IS DISTINCT FROM wanted.subject OR job.labels <> wanted.labels)
        RETURNING job.id, job.tenant_id
      ), event AS (
        INSERT INTO job_event (tenant_id, job_id, kind) SELECT tenant_id, id, 'described' FROM touched
      )
      SELECT id FROM wanted`,
    values: [
      id,
      tenantId,
      subject !== undefined,
      subject == null ? null : storableText(subject),
      labels ? [...new Set(labels.map(storableText))] : null,
    ],
  });
  if (!rows[0]) throw unknownJob(id);
}
