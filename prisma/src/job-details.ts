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
      WITH known AS (
        SELECT id FROM job WHERE id = $1 AND tenant_id = $2
      ), touched AS (
        -- From the row alone: if this waits for it, somebody may just be changing what is left as it is here.
        UPDATE job SET subject = CASE WHEN $3 THEN $4 ELSE subject END, labels = coalesce($5::text[], labels), updated_at = now()
        WHERE id = $1 AND tenant_id = $2 AND ($3 AND subject IS DISTINCT FROM $4 OR labels <> $5::text[])
        RETURNING id, tenant_id
      ), event AS (
        INSERT INTO job_event (tenant_id, job_id, kind) SELECT tenant_id, id, 'described' FROM touched
      )
      SELECT id FROM known`,
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
