/** Inputs of jobs that were kept under a name. */
import type { JsonObject } from '@signalbox/core/json';
import type { JobPriority } from '@signalbox/core/statuses';
import type { Database } from './client.ts';
import { ConflictError } from './failures.ts';
import { isId, newId } from './ids.ts';
import { storableJson, storableText } from './storable.ts';
import { inTransaction } from './transaction.ts';

export interface NewInputTemplate {
  tenantId: string;
  workflowId: string;
  name: string;
  input: JsonObject;
  priority: JobPriority | null;
  subject: string | null;
  labels: readonly string[];
}

export const MOST_TEMPLATES = 100;

/**
 * Keeps an input under a name; what had that name in the workflow before is replaced. Gives its id.
 * @throws ConflictError when the workflow has as many as it may
 */
export async function saveInputTemplate(db: Database, template: NewInputTemplate): Promise<string> {
  return inTransaction(db.pool, async (client) => {
    // Two savers at once are put in order by the workflow's row, so that together they do not pass the limit.
    await client.query('SELECT 1 FROM workflow WHERE id = $1 FOR UPDATE', [template.workflowId]);
    const { rows } = await client.query<{ id: string }>(
      `INSERT INTO input_template (id, tenant_id, workflow_id, name, input, priority, subject, labels)
       SELECT $1, $2, $3, $4, $5, $6::job_priority, $7, $8
       WHERE EXISTS (SELECT 1 FROM input_template WHERE workflow_id = $3 AND name = $4)
         OR (SELECT count(*) FROM input_template WHERE workflow_id = $3) < ${MOST_TEMPLATES}
       ON CONFLICT (workflow_id, name) DO UPDATE SET input = excluded.input, priority = excluded.priority,
         subject = excluded.subject, labels = excluded.labels, updated_at = now()
       RETURNING id`,
      [
        newId(),
        template.tenantId,
        template.workflowId,
        storableText(template.name),
        storableJson(template.input),
        template.priority,
        template.subject === null ? null : storableText(template.subject),
        template.labels.map(storableText),
      ],
    );
    if (rows[0]) return rows[0].id;
    throw new ConflictError(
      `A workflow has at most ${MOST_TEMPLATES} templates. Delete one that is not used any more.`,
    );
  });
}

/** False when there was none. */
export async function deleteInputTemplate(db: Database, tenantId: string, id: string): Promise<boolean> {
  if (!isId(id)) return false;
  const { rowCount } = await db.pool.query('DELETE FROM input_template WHERE tenant_id = $1 AND id = $2', [
    tenantId,
    id,
  ]);
  return rowCount === 1;
}
