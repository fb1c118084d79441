/**
 * Applies prisma/migrations and the queue library's own migrations at start: plain SQL, no engine, one process at a time.
 * What ran is recorded in _prisma_migrations exactly as Prisma records it, so that `prisma migrate` agrees.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runMigrations } from 'graphile-worker';
import pg from 'pg';
import { MigrationError } from './failures.ts';

export interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

const MIGRATIONS_FOLDER = fileURLToPath(new URL('../migrations', import.meta.url));
/** Any constant will do, as long as every process uses the same. */
const ADVISORY_LOCK = 7_314_820_551;

/** The migrations that ship with this version, oldest first. */
export async function readMigrations(folder = MIGRATIONS_FOLDER): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(`${folder}/${name}/migration.sql`, 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** Brings the database to this version. Safe to call from many processes at once; the second finds nothing to do. */
export async function migrate(databaseUrl: string): Promise<{ applied: string[] }> {
  const migrations = await readMigrations();
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'signalbox migrate' });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    const applied = await applyMissing(client, migrations);
    await runMigrations({ connectionString: databaseUrl });
    return { applied };
  } finally {
    // Ending the session releases the advisory lock too.
    await client.end();
  }
}

async function applyMissing(client: pg.Client, migrations: Migration[]): Promise<string[]> {
  await client.query(`
    CREATE TABLE IF NOT EXISTS _prisma_migrations (
      id VARCHAR(36) PRIMARY KEY NOT NULL,
      checksum VARCHAR(64) NOT NULL,
      finished_at TIMESTAMPTZ,
      migration_name VARCHAR(255) NOT NULL,
      logs TEXT,
      rolled_back_at TIMESTAMPTZ,
      started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
      applied_steps_count INTEGER NOT NULL DEFAULT 0
    )`);
  const recorded = await client.query<{ migration_name: string; checksum: string }>(
    'SELECT migration_name, checksum FROM _prisma_migrations WHERE rolled_back_at IS NULL AND finished_at IS NOT NULL',
  );
  const checksums = new Map(recorded.rows.map((row) => [row.migration_name, row.checksum]));
  refuseForeignHistory(checksums, migrations);
  const missing = migrations.filter((migration) => !checksums.has(migration.name));
  for (const migration of missing) await applyOne(client, migration);
  return missing.map((migration) => migration.name);
}

function refuseForeignHistory(checksums: Map<string, string>, migrations: Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]));
  for (const [name, checksum] of checksums) {
    if (!known.has(name)) {
      throw new MigrationError(
        `The database has the migration "${name}", which this version does not know: it was used by a newer Signalbox. Start that version, or use another database.`,
      );
    }
    if (known.get(name) !== checksum) {
      throw new MigrationError(
        `The migration "${name}" was changed after it had run. Restore its file from version control.`,
      );
    }
  }
}

async function applyOne(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(migration.sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), migration.checksum, migration.name],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw new MigrationError(`The migration "${migration.name}" failed: ${(error as Error).message}`, { cause: error });
  }
}
