import type { Database } from '../src/client.ts';

/** How many of its database wait for a lock now. */
export async function waitingForLocks({ pool }: Database): Promise<number> {
  const { rows } = await pool.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rows.length;
}
