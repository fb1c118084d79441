import type { Database } from './client.ts';
import { newId } from './ids.ts';
import { storableText } from './storable.ts';

export interface TenantRow {
  id: string;
  slug: string;
  name: string;
}

export const TENANT_SLUG_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** In the order of their slugs. */
export async function listTenants({ pool }: Pick<Database, 'pool'>): Promise<TenantRow[]> {
  const { rows } = await pool.query<TenantRow>('SELECT id, slug, name FROM tenant ORDER BY slug');
  return rows;
}

export async function findTenant({ pool }: Pick<Database, 'pool'>, slug: string): Promise<TenantRow | undefined> {
  const { rows } = await pool.query<TenantRow>('SELECT id, slug, name FROM tenant WHERE slug = $1', [
    storableText(slug),
  ]);
  return rows[0];
}

/** Nothing when there is one of that slug. */
export async function createTenant(
  { pool }: Pick<Database, 'pool'>,
  slug: string,
  name: string,
): Promise<TenantRow | undefined> {
  const { rows } = await pool.query<TenantRow>(
    'INSERT INTO tenant (id, slug, name) VALUES ($1, $2, $3) ON CONFLICT (slug) DO NOTHING RETURNING id, slug, name',
    [newId(), slug, storableText(name)],
  );
  return rows[0];
}
