import path from 'node:path';
import pg from 'pg';
import { readConfiguration } from './configuration.ts';
import { explainDatabaseError } from './database.ts';
import { storedDatabaseUrl } from './embedded-postgres.ts';
import { StartError } from './start-error.ts';

/** Works over the database that the settings name, or over that of the Signalbox that runs in the data folder. */
export async function withCommandDatabase(work: (database: { pool: pg.Pool }) => Promise<void>): Promise<void> {
  const { settings } = await readConfiguration(process.env);
  const dataDir = path.resolve(settings.dataDir);
  const url = settings.databaseUrl ?? (await storedDatabaseUrl(dataDir));
  if (url === undefined) throw notRunning(dataDir);
  const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 5_000 });
  pool.on('error', () => undefined);
  try {
    await pool.query('SELECT FROM api_token LIMIT 1');
  } catch (error) {
    await pool.end();
    const isAway = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
    throw isAway && settings.databaseUrl === undefined ? notRunning(dataDir) : explainDatabaseError(error, url);
  }
  try {
    await work({ pool });
  } finally {
    await pool.end();
  }
}

function notRunning(dataDir: string): StartError {
  return new StartError(
    `No Signalbox runs in ${dataDir}. Start it first (\`npm start\`), or set DATABASE_URL to the database that is meant.`,
  );
}
