/** What strangers get: the packed SDK, installed where nothing of this workspace is. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const SDK = path.join(import.meta.dirname, '..');
const MODULES = path.join(SDK, '../../node_modules');
const TSC = path.join(MODULES, 'typescript/bin/tsc');

let folder: string;
let tarball: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'signalbox-stranger-'));
  tarball = (await run(process.execPath, [path.join(SDK, 'tools/pack.js'), folder])).trim();
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Gives what it printed; fails with that when it fails. */
async function run(program: string, args: string[], cwd = folder): Promise<string> {
  const PATH = [path.dirname(process.execPath), process.env.PATH].join(path.delimiter);
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD|NODE_OPTIONS|VITEST)/.test(name));
  const options = { cwd, env: { ...Object.fromEntries(kept), PATH, npm_config_offline: 'true' } };
  try {
    return (await promisify(execFile)(program, args, options)).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${args.join(' ')}\n${stdout}\n${stderr}`, { cause: error });
  }
}

async function project(name: string, files: Record<string, string>): Promise<string> {
  const target = path.join(folder, name);
  for (const [file, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(target, file)), { recursive: true });
    await writeFile(path.join(target, file), content);
  }
  return target;
}

describe('the packed SDK', { timeout: 120_000 }, () => {
  test('holds JavaScript, type declarations and a licence, and nothing else', async () => {
    const files = (await run('tar', ['-tzf', tarball])).trim().split('\n');
    const strange = files.filter(
      (file) => !/^package\/(dist\/[\w-]+\.(js|d\.ts)|package\.json|README\.md|LICENSE)$/.test(file),
    );
    expect(strange).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining(['package/dist/index.js', 'package/dist/testing.d.ts', 'package/LICENSE']),
    );
  });

  test('serves a plugin in plain JavaScript: its tests, its conformance and the command line', async () => {
    const target = await project('plain', {
      'package.json': '{ "name": "plain", "private": true, "type": "module" }',
      'index.js': `import { definePlugin, defineStepType } from '@signalbox/plugin-sdk';
        export const hello = defineStepType({ type: 'plain.hello', title: 'Hello', description: 'Greets.',
          config: { type: 'object', properties: { who: { type: 'string', default: 'you' } } },
          async run(ctx) { const { stdout } = await ctx.spawn('echo', ['hello', ctx.config.who]); return { said: stdout.trim() }; } });
        export default definePlugin({ name: 'plain', contract: 1, stepTypes: [hello] });`,
      'plain.test.js': `import assert from 'node:assert/strict'; import { test } from 'node:test';
        import { conformance } from '@signalbox/plugin-sdk/conformance'; import { runStep } from '@signalbox/plugin-sdk/testing';
        import plugin, { hello } from './index.js';
        for (const { name, passed, reason } of conformance(plugin)) test(name, () => assert.ok(passed, reason));
        test('greets', async () => assert.deepEqual((await runStep(hello)).output, { said: 'hello you' }));`,
      'broken.js': `export default { name: 'Broken Plugin', contract: 2, stepTypes: [] };`,
    });
    await run('npm', ['install', '--no-audit', '--no-fund', tarball], target);
    expect(await run(process.execPath, ['--test'], target)).toMatch(/pass \d\d/);
    expect(await run('npx', ['--no-install', 'signalbox-conformance', '.'], target)).toMatch(/All \d+ checks passed/);
    const broken = run('npx', ['--no-install', 'signalbox-conformance', './broken.js'], target);
    await expect(broken).rejects.toThrow(/FAILED {2}the contract version is 1\n\s+contract is 2/);
  });

  test('gives TypeScript every type, and finds what is wrong', async () => {
    const right = `import { defineStepType, type StepContext, StepFailure } from '@signalbox/plugin-sdk';
      import { conformance } from '@signalbox/plugin-sdk/conformance';
      import { runStep } from '@signalbox/plugin-sdk/testing';
      const step = defineStepType<{ n: number }, { twice: number }>({ type: 'a.b', title: 'T', description: 'D',
        config: { type: 'object' }, run: async (ctx: StepContext<{ n: number }>) => ({ twice: ctx.config.n * 2 }) });
      const run = await runStep(step, { config: { n: 1 } });
      export const twice: number | undefined = run.output?.twice;
      export const all: string[] = conformance(step).map(({ name }) => name);
      export const failure = new StepFailure('x', { category: 'NETWORK' });`;
    const compiler = { strict: true, module: 'nodenext', target: 'es2023', noEmit: true, types: ['node'] };
    const target = await project('typed', {
      'package.json': '{ "name": "typed", "private": true, "type": "module" }',
      'tsconfig.json': JSON.stringify({ compilerOptions: compiler, include: ['*.ts'] }),
      'right.ts': right,
    });
    await run('npm', ['install', '--no-audit', '--no-fund', tarball], target);
    await symlink(path.join(MODULES, '@types'), path.join(target, 'node_modules/@types'));
    await run(process.execPath, [TSC, '-p', '.'], target);
    await writeFile(path.join(target, 'right.ts'), right.replace("category: 'NETWORK'", "category: 'NETWROK'"));
    await expect(run(process.execPath, [TSC, '-p', '.'], target)).rejects.toThrow(/NETWROK/);
  });
});

describe('a new plugin', { timeout: 120_000 }, () => {
  const command = path.join(SDK, 'tools/new-plugin.js');

  test('is a package of its own that passes its own tests, its types and its build', async () => {
    const target = path.join(folder, 'made');
    await run(process.execPath, [command, 'signalbox-plugin-acme', target]);
    const file = path.join(target, 'package.json');
    const { devDependencies, ...manifest } = JSON.parse(await readFile(file, 'utf8'));
    expect(devDependencies).toHaveProperty('typescript');
    // What comes from a registry is borrowed from here: a test asks nobody.
    const own = { '@signalbox/plugin-sdk': devDependencies['@signalbox/plugin-sdk'] };
    await writeFile(file, JSON.stringify({ ...manifest, devDependencies: own }));
    await run('npm', ['install', '--no-audit', '--no-fund'], target);
    await symlink(path.join(MODULES, '@types'), path.join(target, 'node_modules/@types'));
    expect(await run('npm', ['test'], target)).toMatch(/fail 0/);
    await run(process.execPath, [TSC, '-p', '.'], target);
    expect(await run('npx', ['--no-install', 'signalbox-conformance', '.'], target)).toMatch(/All \d+ checks passed/);
  });

  test('is refused where something is already, and with a name that no package can have', async () => {
    await expect(run(process.execPath, [command, 'signalbox-plugin-acme', folder])).rejects.toThrow(/is not empty/);
    await expect(run(process.execPath, [command, 'My Plugin'])).rejects.toThrow(/no name for a package/);
    await expect(run(process.execPath, [command])).rejects.toThrow(/Usage: npm run new:plugin NAME/);
  });
});
