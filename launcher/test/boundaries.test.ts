import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = path.join(import.meta.dirname, '../..');
const FORBIDDEN = 'eslint(no-restricted-imports)';

const FORBIDDEN_IMPORTS: [folder: string, name: string][] = [
  ['packages/core/src', '@signalbox/db/jobs'],
  ['packages/core/src', '@signalbox/plugin-sdk'],
  ['packages/core/src', 'node:fs'],
  ['packages/core/src', '@signalbox/core/json'],
  ['packages/plugin-sdk/src', '@signalbox/core/json'],
  ['prisma/src', '@signalbox/executor/main'],
  ['prisma/src', '@signalbox/db'],
  ['packages/plugins/src', '@signalbox/core/json'],
  ['examples/plugin-sqlite/src', '@signalbox/core/json'],
  ['packages/executor/src', '@signalbox/api/main'],
  ['packages/executor/src', '@signalbox/plugins/command'],
  ['packages/api/src/schema', '@signalbox/executor/main'],
  ['packages/api/src/schema', '@signalbox/plugin-sdk'],
  ['packages/api/src/schema', '../../../executor/src/run-job.ts'],
  ['packages/api/src/schema', '../../../../prisma/src/jobs.ts'],
  ['packages/api/src/schema', '../../../../prisma/test/database.ts'],
  ['packages/api/src/client', '@signalbox/core/json'],
  ['packages/api/src/client', '../context.ts'],
  ['packages/api/src/client', 'node:fs'],
  ['packages/api/test', '../../executor/src/run-job.ts'],
  ['packages/web/src', '@signalbox/core/statuses'],
  ['packages/web/src', '../../api/src/main.ts'],
  ['launcher/src', '@signalbox/api/main'],
];
const ALLOWED_IMPORTS: [folder: string, name: string][] = [
  ['prisma/src', '@signalbox/core/lifecycle'],
  ['packages/plugins/src', '@signalbox/plugin-sdk'],
  ['packages/executor/src', '@signalbox/plugin-sdk/conformance'],
  ['packages/executor/src', '@signalbox/db/executions'],
  ['packages/api/src/schema', '@signalbox/db'],
  ['packages/api/src/schema', '../../builder.ts'],
  ['packages/api/test', '../../../prisma/test/database.ts'],
  ['launcher/test', '../../packages/api/test/fixture.ts'],
];
/** Every way to write an import that could slip through. */
const FORMS: Record<string, (name: string) => string> = {
  value: (name) => `import { thing } from '${name}';\nexport const used = thing();\n`,
  type: (name) => `import type { Thing } from '${name}';\nexport type Used = Thing;\n`,
  reexport: (name) => `export * from '${name}';\n`,
  dynamic: (name) => `export const late = import('${name}');\n`,
  inline: (name) => `export type Used = import('${name}').Thing;\n`,
};

let tree: string;
/** The rules that each file breaks, found in one run of the linter over all of them. */
const broken = new Map<string, string[]>();

beforeAll(async () => {
  tree = await mkdtemp(path.join(tmpdir(), 'signalbox-boundaries-'));
  await symlink(path.join(ROOT, 'node_modules'), path.join(tree, 'node_modules'));
  await copyFile(path.join(ROOT, '.oxlintrc.json'), path.join(tree, '.oxlintrc.json'));
  for (const [folder, name] of [...FORBIDDEN_IMPORTS, ...ALLOWED_IMPORTS]) {
    await mkdir(path.join(tree, folder), { recursive: true });
    for (const [form, source] of Object.entries(FORMS))
      await writeFile(path.join(tree, fileFor(folder, name, form)), source(name));
  }
  const linter = path.join(ROOT, 'node_modules/.bin/oxlint');
  const run = promisify(execFile)(linter, ['--format', 'json', 'packages', 'prisma', 'launcher', 'examples'], {
    cwd: tree,
    maxBuffer: 64 * 1024 ** 2,
  });
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
  for (const { code, filename } of diagnostics) broken.set(filename, [...(broken.get(filename) ?? []), code]);
});

afterAll(() => rm(tree, { recursive: true, force: true }));

function fileFor(folder: string, name: string, form: string): string {
  return `${folder}/${name.replaceAll(/\W+/g, '-')}-${form}.ts`;
}

test.each(FORBIDDEN_IMPORTS)('%s may not import %s: no value, no type, not in a roundabout way', (folder, name) => {
  for (const form of ['value', 'type', 'reexport', 'dynamic']) {
    expect(broken.get(fileFor(folder, name, form)), form).toContain(FORBIDDEN);
  }
  expect(broken.get(fileFor(folder, name, 'inline'))).toContain('typescript(consistent-type-imports)');
});

test.each(ALLOWED_IMPORTS)('%s may import %s', (folder, name) => {
  for (const form of ['value', 'type', 'reexport', 'dynamic']) {
    expect(broken.get(fileFor(folder, name, form)) ?? [], form).not.toContain(FORBIDDEN);
  }
});
