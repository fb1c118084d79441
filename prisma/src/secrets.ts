/** Secrets that are kept in the database: what is stored of them is locked, see secret-keys.ts. */
import type { Database } from './client.ts';
import { type LockedSecret, type SecretKeys, SecretLockedError } from './secret-keys.ts';
import { storableText } from './storable.ts';

export interface SecretRow {
  name: string;
  description: string | null;
  createdAt: Date;
  updatedAt: Date;
  /** Slugs of the workflows whose newest version names it. */
  usedBy: string[];
}

/** Its own name in expressions: secrets.NAME, or secrets["NAME"]. */
const USED_BY = `
  coalesce((SELECT array_agg(w.slug ORDER BY w.slug)
    FROM workflow w JOIN workflow_version v ON v.workflow_id = w.id AND v.version = w.current_version
    WHERE w.tenant_id = s.tenant_id AND v.source ~ ('\\msecrets\\s*(\\.\\s*|\\[\\s*\\\\?["''])' || s.name || '\\M')), '{}') AS "usedBy"`;

/** In the order of their names; no value is among it. */
export async function listSecrets(db: Database, tenantId: string): Promise<SecretRow[]> {
  const { rows } = await db.pool.query<SecretRow>({
    name: 'list-secrets',
    text: `SELECT s.name, s.description, s.created_at AS "createdAt", s.updated_at AS "updatedAt", ${USED_BY}
           FROM secret s WHERE s.tenant_id = $1 ORDER BY s.name`,
    values: [tenantId],
  });
  return rows;
}

/** Makes a secret or gives it another value; a description that is undefined stays as it is. */
export async function storeSecret(
  db: Database,
  tenantId: string,
  name: string,
  { keyId, locked }: LockedSecret,
  description: string | null | undefined,
): Promise<SecretRow> {
  const { rows } = await db.pool.query<SecretRow>({
    name: 'store-secret',
    text: `
      WITH s AS (
        INSERT INTO secret (tenant_id, name, key_id, locked, description) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (tenant_id, name) DO UPDATE SET key_id = excluded.key_id, locked = excluded.locked, updated_at = now(),
          description = CASE WHEN $6 THEN excluded.description ELSE secret.description END
        RETURNING *
      )
      SELECT s.name, s.description, s.created_at AS "createdAt", s.updated_at AS "updatedAt", ${USED_BY} FROM s`,
    values: [
      tenantId,
      name,
      keyId,
      Buffer.from(locked),
      description == null ? null : storableText(description),
      description !== undefined,
    ],
  });
  const [row] = rows;
  if (!row) throw new Error(`the secret ${name} was not stored`);
  return row;
}

/** False when there was none. */
export async function deleteSecret(db: Database, tenantId: string, name: string): Promise<boolean> {
  const { rowCount } = await db.pool.query('DELETE FROM secret WHERE tenant_id = $1 AND name = $2', [tenantId, name]);
  return rowCount === 1;
}

/** All of a tenant by their names, locked. */
export async function readLockedSecrets(db: Database, tenantId: string): Promise<Map<string, LockedSecret>> {
  const { rows } = await db.pool.query<LockedSecret & { name: string }>({
    name: 'read-locked-secrets',
    text: `SELECT name, key_id AS "keyId", locked FROM secret WHERE tenant_id = $1`,
    values: [tenantId],
  });
  return new Map(rows.map(({ name, ...secret }) => [name, secret]));
}

/**
 * Locks with the current key what an older one locked. Whoever gives a secret another value meanwhile wins. Those that no key
 * here opens stay as they are.
 */
export async function relockSecrets(db: Database, keys: SecretKeys): Promise<{ relocked: number; closed: string[] }> {
  const { rows } = await db.pool.query<LockedSecret & { tenantId: string; name: string }>(
    `SELECT tenant_id AS "tenantId", name, key_id AS "keyId", locked FROM secret WHERE key_id <> $1`,
    [keys.currentId ?? ''],
  );
  const closed: string[] = [];
  let relocked = 0;
  for (const row of rows) {
    try {
      const fresh = keys.lock(row, keys.open(row, row));
      const { rowCount } = await db.pool.query(
        `UPDATE secret SET key_id = $4, locked = $5 WHERE tenant_id = $1 AND name = $2 AND locked = $3`,
        [row.tenantId, row.name, row.locked, fresh.keyId, Buffer.from(fresh.locked)],
      );
      relocked += rowCount ?? 0;
    } catch (error) {
      if (!(error instanceof SecretLockedError)) throw error;
      closed.push(row.name);
    }
  }
  return { relocked, closed };
}
