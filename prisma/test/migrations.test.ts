import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { expect, test } from 'vitest';
import { migrate, readMigrations } from '../src/migrate.ts';
import { diagnose, scriptFrom } from '../tools/schema-engine.ts';
import { describeCatalogue } from './catalogue.ts';
import { createTestDatabase } from './database.ts';

test('the migrations build exactly what schema.prisma describes', async () => {
  const migrated = await createTestDatabase();
  const described = await createTestDatabase({ empty: true });
  const client = new pg.Client({ connectionString: described.url });
  await client.connect();
  await client.query(await scriptFrom(undefined, described.url));
  await client.end();
  const catalogue = await describeCatalogue(migrated.url);
  // Partial indexes are no part of what Prisma describes.
  const isPartial = (entry: string) => /^index .* WHERE /.test(entry);
  expect(catalogue.filter((entry) => !isPartial(entry))).toEqual(await describeCatalogue(described.url));
  expect(catalogue).toContain('column job.input jsonb NOT NULL');
  await Promise.all([migrated.drop(), described.drop()]);
});

test("Prisma's own history check finds nothing missing, edited or failed", async () => {
  const database = await createTestDatabase();
  const history = await diagnose(database.url, await readMigrations());
  expect(history).toMatchObject({
    editedMigrationNames: [],
    failedMigrationNames: [],
    hasMigrationsTable: true,
    history: null,
  });
  await database.drop();
});

test('many processes that migrate an empty database at once apply each migration once', async () => {
  const database = await createTestDatabase({ empty: true });
  const results = await Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)]);
  expect(results.flatMap((result) => result.applied)).toEqual(
    (await readMigrations()).map((migration) => migration.name),
  );
  await database.drop();
});

test('a database of a newer version and an edited migration are refused with what to do', async () => {
  const database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'y', '20990101000000_future', now())`,
  );
  await expect(migrate(database.url)).rejects.toThrow('used by a newer Signalbox');
  await client.query(`DELETE FROM _prisma_migrations WHERE id = 'x'`);
  await client.query(`UPDATE _prisma_migrations SET checksum = 'edited'`);
  await expect(migrate(database.url)).rejects.toThrow('was changed after it had run');
  await client.end();
  await database.drop();
});

/**
 * A tenant; who has begun to sign in at an OpenID provider, which will say of which tenant; and how far the events of all tenants
 * were read for webhooks.
 */
const WITHOUT_TENANT = ['Tenant', 'SignIn', 'WebhookCursor'];

test('every model of the schema has a tenant', async () => {
  const schema = await readFile(new URL('../schema.prisma', import.meta.url), 'utf8');
  const models = [...schema.matchAll(/^model (\w+) \{([\s\S]*?)^\}/gm)];
  expect(models.length).toBeGreaterThan(10);
  expect(models.filter(([, , body]) => !body?.includes('tenantId ')).map(([, name]) => name)).toEqual(WITHOUT_TENANT);
});
