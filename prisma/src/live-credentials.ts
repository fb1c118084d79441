import type { Database } from './client.ts';

/** Those of the ids that still count: tokens that are neither revoked nor expired, sessions that have not ended. */
export async function readLiveCredentials(
  { pool }: Pick<Database, 'pool'>,
  ids: readonly string[],
): Promise<Set<string>> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'read-live-credentials',
    text: `SELECT id FROM api_token WHERE id = ANY($1) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
           UNION ALL SELECT id FROM web_session WHERE id = ANY($1) AND expires_at > now()`,
    values: [ids],
  });
  return new Set(rows.map(({ id }) => id));
}
