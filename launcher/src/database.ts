import path from 'node:path';
import type { Settings } from '@signalbox/core/settings';
import { MigrationError } from '@signalbox/db/failures';
import { migrate } from '@signalbox/db/migrate';
import { explainFolderError } from './data-folder.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { StartError } from './start-error.ts';

export interface OpenDatabase {
  url: string;
  /** Absent where somebody else runs the database. */
  embedded?: EmbeddedPostgres;
}

/** The database that the settings name, or the one of the data folder, started. The caller holds the data folder. */
export async function openDatabase(settings: Settings, report: (line: string) => void): Promise<OpenDatabase> {
  if (settings.databaseUrl) return { url: settings.databaseUrl };
  const dataDir = path.resolve(settings.dataDir);
  try {
    const embedded = await startEmbeddedPostgres({ dataDir, report });
    return { url: embedded.databaseUrl, embedded };
  } catch (error) {
    throw explainFolderError(error, dataDir);
  }
}

/** Brings the tables to this version; says which migrations ran. */
export async function prepareTables(url: string, report: (line: string) => void): Promise<void> {
  try {
    const { applied } = await migrate(url);
    if (applied.length > 0) report(`made or changed the tables: ${applied.join(', ')}`);
  } catch (error) {
    throw explainDatabaseError(error, url);
  }
}

export function explainDatabaseError(error: unknown, url: string): unknown {
  if (error instanceof MigrationError) return new StartError(error.message);
  const { host, pathname } = new URL(url);
  const where = `the database ${pathname.slice(1)} at ${host}`;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)/.test(code)) {
    return new StartError(`Cannot reach ${where} (${code}). Check DATABASE_URL and that PostgreSQL is running.`);
  }
  if (code === '42P01') return new StartError(`${where} has no tables of this version. Start Signalbox over it first.`);
  if (code === '3D000')
    return new StartError(`There is no such database: ${where}. Create it, or correct DATABASE_URL.`);
  if (code === '28P01' || code === '28000')
    return new StartError(`${where} refuses the user or password in DATABASE_URL.`);
  if (code === '42501')
    return new StartError(
      `The user in DATABASE_URL may not make tables in ${where}. Give it CREATE on the database and its schema "public".`,
    );
  return error;
}
