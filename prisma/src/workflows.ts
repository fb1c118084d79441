import type { WorkflowDefinition } from '@signalbox/core/definition';
import type { Database } from './client.ts';
import { ConflictError } from './failures.ts';
import { newId } from './ids.ts';
import { storableJson, storableText } from './storable.ts';
import { inTransaction } from './transaction.ts';

export interface SavedWorkflow {
  id: string;
  version: number;
  /** False when the source was already the current version. */
  changed: boolean;
}

/**
 * Creates the workflow or adds a version. The same source again adds nothing: saving is idempotent.
 * Two savers at once are put in order by the workflow's row lock.
 *
 * @param expectedVersion the newest version that the saver knew, 0 for none; not checked when undefined
 * @throws ConflictError when there is another one
 */
export async function saveWorkflow(
  db: Database,
  tenantId: string,
  definition: WorkflowDefinition,
  source: string,
  expectedVersion?: number,
): Promise<SavedWorkflow> {
  const text = storableText(source);
  return inTransaction(db.pool, async (client) => {
    await client.query(
      `INSERT INTO workflow (id, tenant_id, slug, name, description, current_version)
       VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT (tenant_id, slug) DO NOTHING`,
      [newId(), tenantId, definition.slug, definition.name, definition.description ?? null],
    );
    const { rows } = await client.query<{ id: string; current_version: number; source: string | null }>(
      `SELECT w.id, w.current_version, v.source
       FROM workflow w LEFT JOIN workflow_version v ON v.workflow_id = w.id AND v.version = w.current_version
       WHERE w.tenant_id = $1 AND w.slug = $2 FOR UPDATE OF w`,
      [tenantId, definition.slug],
    );
    const current = rows[0];
    if (!current) throw new Error(`workflow ${definition.slug} vanished while it was being saved`);
    if (current.source === text) return { id: current.id, version: current.current_version, changed: false };
    if (expectedVersion !== undefined && expectedVersion !== current.current_version)
      throw overtaken(definition.slug, current.current_version);
    const version = current.current_version + 1;
    await client.query(
      `INSERT INTO workflow_version (workflow_id, version, tenant_id, source, definition) VALUES ($1, $2, $3, $4, $5)`,
      [current.id, version, tenantId, text, storableJson(definition)],
    );
    await client.query(
      `UPDATE workflow SET current_version = $2, name = $3, description = $4, updated_at = now() WHERE id = $1`,
      [current.id, version, storableText(definition.name), definition.description ?? null],
    );
    return { id: current.id, version, changed: true };
  });
}

function overtaken(slug: string, version: number): ConflictError {
  return new ConflictError(
    `Somebody else has saved version ${version} of the workflow "${slug}" meanwhile. Compare the two, and save again what is to stay.`,
  );
}

export interface WorkflowVersionRow {
  workflowId: string;
  version: number;
  slug: string;
  name: string;
  definition: WorkflowDefinition;
}

/** A version of a workflow, the current one unless told, or nothing when the tenant has none of that slug or number. */
export async function findWorkflow(
  db: Database,
  tenantId: string,
  slug: string,
  version?: number,
): Promise<WorkflowVersionRow | undefined> {
  const { rows } = await db.pool.query<WorkflowVersionRow>({
    name: 'find-workflow',
    text: `SELECT w.id AS "workflowId", v.version, w.slug, w.name, v.definition
           FROM workflow w JOIN workflow_version v ON v.workflow_id = w.id AND v.version = coalesce($3, w.current_version)
           WHERE w.tenant_id = $1 AND w.slug = $2`,
    values: [tenantId, slug, version ?? null],
  });
  return rows[0];
}

/** The slugs of a tenant in their order, for checks and for help with names; undefined when there are more than 10,000. */
export async function listSlugs(db: Database, tenantId: string): Promise<string[] | undefined> {
  const { rows } = await db.pool.query<{ slug: string }>({
    name: 'list-slugs',
    text: 'SELECT slug FROM workflow WHERE tenant_id = $1 ORDER BY slug LIMIT 10001',
    values: [tenantId],
  });
  return rows.length > 10_000 ? undefined : rows.map(({ slug }) => slug);
}
