/// <reference lib="dom" />
/**
 * Prisma's schema engine as WebAssembly, so that comparing a schema with a database needs no engine download.
 * Used when a migration is written and by the test that holds migrations and schema.prisma together; never at run time.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';

const prismaFolder = fileURLToPath(new URL('..', import.meta.url));
const filters = { externalTables: [], externalEnums: [] };
const engineGlue = glue as typeof glue & { __wbg_set_wasm(exports: WebAssembly.Exports): void };

let instantiated: Promise<void> | undefined;

function instantiate(): Promise<void> {
  instantiated ??= (async () => {
    const wasmFile = new URL(
      'schema_engine_bg.wasm',
      import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'),
    );
    const { instance } = await WebAssembly.instantiate(await readFile(wasmFile), {
      './schema_engine_bg.js': glue as unknown as WebAssembly.ModuleImports,
    });
    engineGlue.__wbg_set_wasm(instance.exports);
    (instance.exports.__wbindgen_start as () => void)();
  })();
  return instantiated;
}

async function withEngine<T>(connectionString: string, work: (engine: glue.SchemaEngine) => Promise<T>): Promise<T> {
  await instantiate();
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString }));
  const engine = await glue.SchemaEngine.new({ datamodels: undefined }, () => undefined, adapter);
  try {
    return await work(engine);
  } finally {
    engine.free();
  }
}

async function currentSchema() {
  return { files: [{ path: 'schema.prisma', content: await readFile(`${prismaFolder}/schema.prisma`, 'utf8') }] };
}

/** The SQL that would turn the old schema text (empty for a first migration) into today's schema.prisma. */
export async function scriptFrom(oldSchema: string | undefined, connectionString: string): Promise<string> {
  const to = { tag: 'schemaDatamodel', ...(await currentSchema()) } as const;
  const from: glue.DiffTarget = oldSchema
    ? { tag: 'schemaDatamodel', files: [{ path: 'old.prisma', content: oldSchema }] }
    : { tag: 'empty' };
  const result = await withEngine(connectionString, (engine) =>
    engine.diff({ from, to, script: true, exitCode: null, filters }),
  );
  return result.stdout ?? '';
}

/** What Prisma's own history check says about the database: no unapplied, edited or failed migration when all is well. */
export async function diagnose(connectionString: string, migrations: { name: string; sql: string }[]) {
  return withEngine(connectionString, (engine) =>
    engine.diagnoseMigrationHistory({
      migrationsList: {
        baseDir: `${prismaFolder}/migrations`,
        lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
        shadowDbInitScript: '',
        migrationDirectories: migrations.map(({ name, sql }) => ({
          path: name,
          migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
        })),
      },
      optInToShadowDatabase: false,
      filters,
    }),
  );
}
