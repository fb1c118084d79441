/** Files that steps keep with their job. The content lies in the artifact store; the row is written when it is complete. */
import type { Database } from './client.ts';
import { storableText } from './storable.ts';

export interface NewArtifact {
  id: string;
  jobId: string;
  epoch: number;
  stepId: string;
  name: string;
  contentType: string;
  sizeBytes: number;
  storageKey: string;
}

/** False when the job no longer belongs to the epoch: nothing was stored, and nothing more may be written. */
export async function insertArtifact(db: Database, artifact: NewArtifact): Promise<boolean> {
  const { rows } = await db.pool.query({
    name: 'insert-artifact',
    text: `
      WITH held AS (
        SELECT id, tenant_id FROM job WHERE id = $2 AND epoch = $3 AND status = 'RUNNING' FOR SHARE
      )
      INSERT INTO artifact (id, tenant_id, job_id, step_id, name, content_type, size_bytes, storage_key)
      SELECT $1, tenant_id, id, $4, $5, $6, $7, $8 FROM held
      ON CONFLICT (id) DO UPDATE SET storage_key = excluded.storage_key
      RETURNING id`,
    values: [
      artifact.id,
      artifact.jobId,
      artifact.epoch,
      artifact.stepId,
      storableText(artifact.name),
      storableText(artifact.contentType),
      artifact.sizeBytes,
      artifact.storageKey,
    ],
  });
  return rows.length > 0;
}
