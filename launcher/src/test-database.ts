import { randomBytes } from 'node:crypto';
import { migrate } from '@signalbox/db/migrate';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startTemporaryPostgres } from './embedded-postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where test files make their databases, and the migrated one that they copy. */
    testDatabase: { adminUrl: string; template: string };
  }
}

/**
 * Vitest's global setup: one PostgreSQL for the whole run, with a migrated template that test files copy.
 * TEST_DATABASE_URL names a server to use instead; only databases of our own are made and dropped there.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const server = given ? undefined : await startTemporaryPostgres();
  const adminUrl = given ?? server?.adminUrl ?? '';
  const template = `signalbox_test_${randomBytes(6).toString('hex')}`;
  await administer(adminUrl, `CREATE DATABASE ${template}`);
  await migrate(urlOf(adminUrl, template));
  project.provide('testDatabase', { adminUrl, template });
  return async () => {
    if (server) return server.stop();
    await administer(adminUrl, `DROP DATABASE ${template} WITH (FORCE)`);
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function urlOf(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}
