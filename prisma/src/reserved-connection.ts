import pg from 'pg';
import type { HeartbeatConnection } from './executions.ts';

/** A connection that belongs to one use only, so that a busy pool cannot delay it. */
export interface ReservedConnection extends HeartbeatConnection {
  close(): Promise<void>;
}

export interface ReservedConnectionOptions {
  /** Shown by PostgreSQL in pg_stat_activity. */
  applicationName: string;
  /** Connecting and each statement fail after so many milliseconds. */
  timeoutMs: number;
}

/** Opened by the first statement, and anew by the first one after it broke. A failure is thrown to whoever asked. */
export function reserveConnection(url: string, options: ReservedConnectionOptions): ReservedConnection {
  let current: Promise<pg.Client> | undefined;

  const connect = () => {
    const client = new pg.Client({
      connectionString: url,
      application_name: options.applicationName,
      connectionTimeoutMillis: options.timeoutMs,
      query_timeout: options.timeoutMs,
      keepAlive: true,
    });
    const connected = client.connect().then(() => client);
    client.on('error', () => drop(connected));
    return connected;
  };
  const drop = (broken: Promise<pg.Client>) => {
    if (current === broken) current = undefined;
    broken.then((client) => client.end()).catch(() => undefined);
  };

  return {
    async query<T extends object>(statement: { name: string; text: string; values: unknown[] }) {
      current ??= connect();
      const used = current;
      try {
        return await (await used).query<T>(statement);
      } catch (error) {
        drop(used);
        throw error;
      }
    },
    async close() {
      const last = current;
      current = undefined;
      await last?.then((client) => client.end()).catch(() => undefined);
    },
  };
}
