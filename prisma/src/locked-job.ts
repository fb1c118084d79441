import type { PoolClient } from 'pg';
import type { Database } from './client.ts';
import { isId } from './ids.ts';
import { refusal, unknownJob } from './jobs.ts';
import { inTransaction } from './transaction.ts';

/**
 * Moves a job that others may be moving at the same time. Whoever does so has its row: a statement that waited for that by
 * itself would see the job as it is now, but its steps as they were before.
 * @param participle of what is asked, for the refusal
 * @param move false when the job's state does not allow it
 * @throws NotFoundError, ConflictError
 */
export async function withLockedJob(
  db: Database,
  tenantId: string,
  id: string,
  participle: string,
  move: (client: PoolClient) => Promise<boolean>,
): Promise<void> {
  if (!isId(id)) throw unknownJob(id);
  await inTransaction(db.pool, async (client) => {
    // No stronger: new log lines refer to the job while they hold its counter, which is needed afterwards.
    await client.query('SELECT FROM job WHERE id = $1 AND tenant_id = $2 FOR NO KEY UPDATE', [id, tenantId]);
    if (!(await move(client))) throw await refusal(client, tenantId, id, participle);
  });
}
