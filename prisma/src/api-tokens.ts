/** API tokens: made, listed, revoked, and found by the hash of their text. */
import type { Database } from './client.ts';
import { hashOf, newCredential, prefixOf } from './credential-text.ts';
import { isId, newId } from './ids.ts';
import { storableText } from './storable.ts';

/** Each may do what those before it may. */
export const ACCESS_SCOPES = ['READ', 'OPERATE', 'ADMIN'] as const;
export type AccessScope = (typeof ACCESS_SCOPES)[number];

export interface ApiTokenRow {
  id: string;
  name: string;
  prefix: string;
  scope: AccessScope;
  createdBy: string;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
  revokedBy: string | null;
}

const COLUMNS = `id, name, prefix, scope, created_by AS "createdBy", created_at AS "createdAt", expires_at AS "expiresAt",
  last_used_at AS "lastUsedAt", revoked_at AS "revokedAt", revoked_by AS "revokedBy"`;

export interface NewApiToken {
  tenantId: string;
  name: string;
  scope: AccessScope;
  /** Never, when absent. */
  expiresAt?: Date | null;
  /** For people to read. */
  createdBy: string;
}

/** The text is in the answer and nowhere else. */
export async function createApiToken(
  db: Pick<Database, 'pool'>,
  { createdBy, expiresAt = null, name, scope, tenantId }: NewApiToken,
): Promise<{ text: string; token: ApiTokenRow }> {
  const text = newCredential('api');
  const { rows } = await db.pool.query<ApiTokenRow>(
    `INSERT INTO api_token (id, tenant_id, name, prefix, hash, scope, created_by, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${COLUMNS}`,
    [newId(), tenantId, storableText(name), prefixOf(text), hashOf(text), scope, storableText(createdBy), expiresAt],
  );
  const [token] = rows;
  if (!token) throw new Error('the token was not stored');
  return { text, token };
}

/** The newest first; the revoked and the expired ones too. `before` is the id of the last one that was read. */
export async function listApiTokens(
  db: Pick<Database, 'pool'>,
  tenantId: string,
  { before = null, limit }: { before?: string | null; limit: number },
): Promise<ApiTokenRow[]> {
  const { rows } = await db.pool.query<ApiTokenRow>({
    name: 'list-api-tokens',
    text: `SELECT ${COLUMNS} FROM api_token WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    values: [tenantId, before, limit],
  });
  return rows;
}

export async function countApiTokens(db: Pick<Database, 'pool'>, tenantId: string): Promise<number> {
  const { rows } = await db.pool.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM api_token WHERE tenant_id = $1',
    [tenantId],
  );
  return rows[0]?.count ?? 0;
}

/** Ends it and the sessions that were made with it. Once more changes nothing; nothing when there is no such token. */
export async function revokeApiToken(
  db: Pick<Database, 'pool'>,
  tenantId: string,
  id: string,
  revokedBy: string,
): Promise<ApiTokenRow | undefined> {
  if (!isId(id)) return undefined;
  const { rows } = await db.pool.query<ApiTokenRow>(
    `WITH ended AS (
       UPDATE api_token SET revoked_at = coalesce(revoked_at, now()), revoked_by = coalesce(revoked_by, $3)
       WHERE id = $1 AND tenant_id = $2 RETURNING *
     ), signed_out AS (
       DELETE FROM web_session WHERE token_id IN (SELECT id FROM ended)
     )
     SELECT ${COLUMNS} FROM ended`,
    [id, tenantId, storableText(revokedBy)],
  );
  return rows[0];
}

/** What a credential stands for, whether it still counts or not. */
export interface FoundToken {
  id: string;
  tenantId: string;
  name: string;
  prefix: string;
  scope: AccessScope;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

export async function findApiToken(db: Pick<Database, 'pool'>, hash: Buffer): Promise<FoundToken | undefined> {
  const { rows } = await db.pool.query<FoundToken>({
    name: 'find-api-token',
    text: `SELECT id, tenant_id AS "tenantId", name, prefix, scope, expires_at AS "expiresAt", revoked_at AS "revokedAt"
           FROM api_token WHERE hash = $1`,
    values: [hash],
  });
  return rows[0];
}

/** Several processes may note the same use; the minute keeps all but one from writing. */
export async function noteTokenUse(db: Pick<Database, 'pool'>, id: string): Promise<void> {
  await db.pool.query({
    name: 'note-token-use',
    text: `UPDATE api_token SET last_used_at = now()
           WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '59 seconds')`,
    values: [id],
  });
}
