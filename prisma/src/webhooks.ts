/** Webhooks: what is kept of them. How changes of jobs become messages stands in webhook-deliveries.ts. */
import type { JobStatus } from '@signalbox/core/statuses';
import type { Database } from './client.ts';
import { currentEventPosition } from './events.ts';
import { ConflictError, NotFoundError } from './failures.ts';
import { isId, newId } from './ids.ts';
import type { LockedSecret } from './secret-keys.ts';
import { storableText } from './storable.ts';
import { inTransaction } from './transaction.ts';

export const MOST_WEBHOOKS = 100;

export interface WebhookRow {
  id: string;
  url: string;
  workflows: string[];
  statuses: JobStatus[];
  active: boolean;
  createdBy: string;
  createdAt: Date;
  updatedAt: Date;
}

export type WebhookContent = Pick<WebhookRow, 'url' | 'workflows' | 'statuses' | 'active'>;

const COLUMNS = `id, url, workflows, statuses, active, created_by AS "createdBy", created_at AS "createdAt", updated_at AS "updatedAt"`;

/** The owner that a webhook's secret is locked for. */
export function webhookSecretOwner(tenantId: string, webhookId: string) {
  return { tenantId, name: `webhook ${webhookId}` };
}

/** In the order in which they were made. */
export async function listWebhooks(db: Database, tenantId: string): Promise<WebhookRow[]> {
  const { rows } = await db.pool.query<WebhookRow>({
    name: 'list-webhooks',
    text: `SELECT ${COLUMNS} FROM webhook WHERE tenant_id = $1 ORDER BY id`,
    values: [tenantId],
  });
  return rows;
}

/** Makes one; it is told of what changes from now on. Throws ConflictError when there are as many as there may be. */
export async function createWebhook(
  db: Database,
  tenantId: string,
  content: WebhookContent,
  createdBy: string,
  lock: (webhookId: string) => LockedSecret,
): Promise<WebhookRow> {
  const id = newId();
  const { keyId, locked } = lock(id);
  const position = await currentEventPosition(db);
  return inTransaction(db.pool, async (client) => {
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('webhooks', 0))`);
    const { rows: counts } = await client.query<{ own: number; all: number }>(
      'SELECT count(*) FILTER (WHERE tenant_id = $1)::int AS own, count(*)::int AS all FROM webhook',
      [tenantId],
    );
    if ((counts[0]?.own ?? 0) >= MOST_WEBHOOKS)
      throw new ConflictError(
        `There are ${MOST_WEBHOOKS} webhooks already, which is as many as there may be. Delete one.`,
        [],
      );
    // Nobody has looked at events while there was none to tell of them.
    if (counts[0]?.all === 0) {
      await client.query(
        `INSERT INTO webhook_cursor (id, xid, event_id) VALUES (1, $1, $2)
         ON CONFLICT (id) DO UPDATE SET xid = excluded.xid, event_id = excluded.event_id`,
        [position.xid, position.id],
      );
    }
    const { rows } = await client.query<WebhookRow>(
      `INSERT INTO webhook (id, tenant_id, url, workflows, statuses, active, key_id, locked, created_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING ${COLUMNS}`,
      [
        id,
        tenantId,
        storableText(content.url),
        content.workflows,
        content.statuses,
        content.active,
        keyId,
        Buffer.from(locked),
        createdBy,
      ],
    );
    if (!rows[0]) throw new Error('the webhook was not stored');
    return rows[0];
  });
}

/** Changes one as a whole; its secret only when there is another one. Throws NotFoundError. */
export async function updateWebhook(
  db: Database,
  tenantId: string,
  id: string,
  { active, statuses, url, workflows }: WebhookContent,
  secret: LockedSecret | undefined,
): Promise<WebhookRow> {
  const { rows } = isId(id)
    ? await db.pool.query<WebhookRow>(
        `UPDATE webhook SET url = $3, workflows = $4, statuses = $5, active = $6, key_id = coalesce($7, key_id),
           locked = coalesce($8, locked), updated_at = now()
         WHERE tenant_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
        [
          tenantId,
          id,
          storableText(url),
          workflows,
          statuses,
          active,
          secret?.keyId ?? null,
          secret ? Buffer.from(secret.locked) : null,
        ],
      )
    : { rows: [] };
  if (!rows[0]) throw unknownWebhook(id);
  return rows[0];
}

/** With all that was, or was to be, sent to it. Throws NotFoundError. */
export async function deleteWebhook(db: Database, tenantId: string, id: string): Promise<void> {
  const { rowCount } = isId(id)
    ? await db.pool.query('DELETE FROM webhook WHERE tenant_id = $1 AND id = $2', [tenantId, id])
    : { rowCount: 0 };
  if (rowCount !== 1) throw unknownWebhook(id);
}

function unknownWebhook(id: string): NotFoundError {
  return new NotFoundError(`There is no webhook with the id "${id.slice(0, 100)}".`);
}
