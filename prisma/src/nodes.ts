import type { Database } from './client.ts';
import { isId } from './ids.ts';

export type NodeType = 'Job' | 'JobStep' | 'Workflow' | 'Artifact' | 'Schedule';

/** What kind of thing an id is, for things that can be looked up by id alone. Nothing for any other text. */
export async function findNodeType(db: Database, tenantId: string, id: string): Promise<NodeType | undefined> {
  if (!isId(id)) return undefined;
  const { rows } = await db.pool.query<{ type: NodeType }>({
    name: 'find-node-type',
    text: `SELECT 'Job' AS type FROM job WHERE id = $1 AND tenant_id = $2
           UNION ALL SELECT 'JobStep' FROM job_step WHERE id = $1 AND tenant_id = $2
           UNION ALL SELECT 'Workflow' FROM workflow WHERE id = $1 AND tenant_id = $2
           UNION ALL SELECT 'Artifact' FROM artifact WHERE id = $1 AND tenant_id = $2
           UNION ALL SELECT 'Schedule' FROM schedule WHERE id = $1 AND tenant_id = $2`,
    values: [id, tenantId],
  });
  return rows[0]?.type;
}
