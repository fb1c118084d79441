/**
 * How changes of jobs become messages: events are read in the order of their commits and turned into deliveries, in the
 * transaction that moves the cursor on; deliveries are then sent at least once each, those of a job to a webhook in order.
 */
import type { JsonObject } from '@signalbox/core/json';
import type { Database } from './client.ts';
import { readEventsAfter } from './events.ts';
import { failpoint } from './failpoints.ts';
import { newId } from './ids.ts';
import { storableText } from './storable.ts';
import { inTransaction } from './transaction.ts';

export type WebhookDeliveryStatus = 'PENDING' | 'DELIVERED' | 'FAILED';

export interface WebhookDeliveryRow {
  id: string;
  jobId: string;
  payload: JsonObject;
  status: WebhookDeliveryStatus;
  attempts: number;
  nextTryAt: Date | null;
  lastError: string | null;
  createdAt: Date;
  deliveredAt: Date | null;
}

/** What has to be sent, and with what it is signed. */
export interface ClaimedDelivery {
  id: string;
  webhookId: string;
  tenantId: string;
  url: string;
  keyId: string;
  locked: Uint8Array;
  payload: JsonObject;
  attempts: number;
}

const EVENTS_AT_ONCE = 500;
/** Events that leave the state of a job as it is. */
const QUIET_KINDS = ['progressed', 'described', 'prioritised', 'budget-set', 'deleted'];
export const MOST_TRIES = 15;
/** One that takes long, or never answers, holds up nobody else. */
const MOST_OF_ONE_WEBHOOK = 5;
/** A sender that says nothing for so long is gone. It gives up by itself well before. */
const SENDING_SECONDS = 60;
const KEPT_DAYS = 7;

/** Which state of a job it is: a job that fails twice is told of twice, one that is only looked at again is not. */
const STATE = `concat_ws('/', j.status, j.queued_at, CASE WHEN j.status IN ('COMPLETED', 'FAILED', 'CANCELLED') THEN j.completed_at END,
  CASE WHEN j.status = 'RUNNING' THEN j.epoch END)`;

const PAYLOAD = `jsonb_build_object(
  'type', 'job.' || lower(j.status::text),
  'timestamp', to_char(j.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'data', jsonb_build_object('id', j.id, 'status', j.status, 'workflow', j.workflow_slug, 'workflowVersion', j.workflow_version,
    'priority', j.priority, 'subject', j.subject, 'labels', j.labels,
    'completedSteps', j.completed_steps, 'totalSteps', j.total_steps,
    'error', CASE WHEN j.error_message IS NOT NULL THEN
      jsonb_build_object('message', j.error_message, 'category', j.error_category, 'stepKey', j.error_step_key) END))`;

/**
 * Turns the next events into deliveries. True when there may be more. Only one process does so at a time; the others find
 * nothing to do.
 */
export async function queueDeliveries(db: Database): Promise<boolean> {
  const cursor = await readCursor(db);
  if (!cursor) return false;
  const { events, more } = await readEventsAfter(db, cursor, EVENTS_AT_ONCE);
  const last = events.at(-1);
  if (!last) return false;
  if (failpoint) await failpoint('before-messages');
  const jobIds = [...new Set(events.filter(({ kind }) => !QUIET_KINDS.includes(kind)).map(({ jobId }) => jobId))];
  const moved = await inTransaction(db.pool, async (client) => {
    // Whoever moved it on meanwhile has queued these.
    const { rowCount } = await client.query(
      'UPDATE webhook_cursor SET xid = $3, event_id = $4 WHERE id = 1 AND xid = $1 AND event_id = $2',
      [cursor.xid, cursor.id, last.xid, last.id],
    );
    if (rowCount !== 1) return false;
    const { rows } = await client.query<{
      tenantId: string;
      webhookId: string;
      jobId: string;
      state: string;
      payload: JsonObject;
    }>(
      `SELECT j.tenant_id AS "tenantId", w.id AS "webhookId", j.id AS "jobId", ${STATE} AS state, ${PAYLOAD} AS payload
       FROM job j JOIN webhook w ON w.tenant_id = j.tenant_id AND w.active AND j.updated_at >= w.created_at
         AND (w.statuses = '{}' OR j.status::text = ANY(w.statuses)) AND (w.workflows = '{}' OR j.workflow_slug = ANY(w.workflows))
       WHERE j.id = ANY($1::uuid[]) ORDER BY array_position($1::uuid[], j.id)`,
      [jobIds],
    );
    if (rows.length === 0) return true;
    await client.query(
      `INSERT INTO webhook_delivery (id, tenant_id, webhook_id, job_id, state, payload)
       SELECT * FROM unnest($1::uuid[], $6::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::jsonb[])
       ON CONFLICT (webhook_id, job_id, state) DO NOTHING`,
      [
        rows.map(() => newId()),
        rows.map(({ webhookId }) => webhookId),
        rows.map(({ jobId }) => jobId),
        rows.map(({ state }) => state),
        rows.map(({ payload }) => JSON.stringify(payload)),
        rows.map(({ tenantId }) => tenantId),
      ],
    );
    return true;
  });
  if (failpoint) await failpoint('after-messages');
  return moved && more;
}

async function readCursor(db: Database): Promise<{ xid: string; id: string } | undefined> {
  const { rows } = await db.pool.query<{ xid: string; id: string }>({
    name: 'webhook-cursor',
    text: 'SELECT xid, event_id AS id FROM webhook_cursor WHERE id = 1 AND EXISTS (SELECT FROM webhook)',
  });
  return rows[0];
}

/**
 * Takes what is due, for a minute, a few of each webhook; what is for a webhook that rests stays. A later state of a job waits
 * until the earlier one has arrived or was given up.
 * @param except webhooks that get nothing now
 */
export async function claimDeliveries(
  db: Database,
  limit: number,
  except: readonly string[] = [],
): Promise<ClaimedDelivery[]> {
  const { rows } = await db.pool.query<ClaimedDelivery>({
    name: 'claim-webhook-deliveries',
    text: `
      WITH due AS MATERIALIZED (
        SELECT next.id FROM webhook w, LATERAL (
          SELECT d.id, d.next_try_at, d.seq FROM webhook_delivery d
          WHERE d.webhook_id = w.id AND d.status = 'PENDING' AND d.next_try_at <= now() AND NOT EXISTS (
            SELECT FROM webhook_delivery e
            WHERE e.webhook_id = d.webhook_id AND e.job_id = d.job_id AND e.status = 'PENDING' AND e.seq < d.seq)
          ORDER BY d.next_try_at, d.seq LIMIT ${MOST_OF_ONE_WEBHOOK} FOR UPDATE OF d SKIP LOCKED
        ) AS next
        WHERE w.active AND w.id <> ALL($2::uuid[]) ORDER BY next.next_try_at, next.seq LIMIT $1
      ), taken AS (
        UPDATE webhook_delivery d SET attempts = d.attempts + 1, next_try_at = now() + make_interval(secs => ${SENDING_SECONDS})
        FROM due WHERE d.id = due.id RETURNING d.*
      )
      SELECT t.id, t.webhook_id AS "webhookId", t.tenant_id AS "tenantId", w.url, w.key_id AS "keyId", w.locked, t.payload, t.attempts
      FROM taken t JOIN webhook w ON w.id = t.webhook_id ORDER BY t.seq`,
    values: [limit, except],
  });
  return rows;
}

/** It has arrived. */
export async function deliveryArrived(db: Database, id: string): Promise<void> {
  await db.pool.query(
    `UPDATE webhook_delivery SET status = 'DELIVERED', delivered_at = now(), next_try_at = NULL, last_error = NULL
     WHERE id = $1 AND status = 'PENDING'`,
    [id],
  );
}

/** It has not: the next try is twice as far away as the one before, an hour at most; after the last one it is given up. */
export async function deliveryFailed(db: Database, id: string, error: string): Promise<void> {
  await db.pool.query(
    `UPDATE webhook_delivery SET last_error = $2,
       status = CASE WHEN attempts >= ${MOST_TRIES} THEN 'FAILED'::"WebhookDeliveryStatus" ELSE status END,
       next_try_at = CASE WHEN attempts < ${MOST_TRIES} THEN now() + make_interval(secs => least(3600, 2 ^ (attempts - 1))) END
     WHERE id = $1 AND status = 'PENDING'`,
    [id, storableText(error.slice(0, 1_000))],
  );
}

/** Removes what is settled for a week. */
export async function forgetDeliveries(db: Database): Promise<void> {
  await db.pool.query(
    `DELETE FROM webhook_delivery WHERE status <> 'PENDING' AND created_at < now() - make_interval(days => ${KEPT_DAYS})`,
  );
}

/** Those of a webhook, the newest first. */
export async function listDeliveries(
  db: Database,
  tenantId: string,
  webhookId: string,
  limit: number,
): Promise<WebhookDeliveryRow[]> {
  const { rows } = await db.pool.query<WebhookDeliveryRow>({
    name: 'list-webhook-deliveries',
    text: `SELECT id, job_id AS "jobId", payload, status, attempts, next_try_at AS "nextTryAt", last_error AS "lastError",
             created_at AS "createdAt", delivered_at AS "deliveredAt"
           FROM webhook_delivery WHERE tenant_id = $1 AND webhook_id = $2 ORDER BY seq DESC LIMIT $3`,
    values: [tenantId, webhookId, limit],
  });
  return rows;
}
