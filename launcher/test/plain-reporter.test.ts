import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const ROOT = path.join(import.meta.dirname, '../..');
let project: string;

beforeEach(async () => {
  project = await mkdtemp(path.join(tmpdir(), 'signalbox-reporter-'));
  await symlink(path.join(ROOT, 'node_modules'), path.join(project, 'node_modules'));
  const reporter = path.join(ROOT, 'launcher/src/plain-reporter.ts');
  await writeFile(
    path.join(project, 'vitest.config.ts'),
    `export default { test: { reporters: ['default', '${reporter}'], globalSetup: process.env.SETUP } };\n`,
  );
});

afterEach(() => rm(project, { recursive: true, force: true }));

/** Runs Vitest on one test file; the last line that it printed, and its exit code. */
async function run(
  source: string,
  env: Record<string, string> = {},
): Promise<{ lastLine: string | undefined; code: number }> {
  await writeFile(path.join(project, 'some.test.ts'), `import { test, expect } from 'vitest';\n${source}\n`);
  const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
  const running = promisify(execFile)(process.execPath, [vitest, 'run'], {
    cwd: project,
    env: { ...process.env, ...env },
  });
  const { stdout, code = 0 } = (await running.catch((error: { stdout: string; code: number }) => error)) as {
    stdout: string;
    code?: number;
  };
  return { lastLine: stdout.trimEnd().split('\n').at(-1), code };
}

test('a good run ends with the number of tests that passed', async () => {
  const result = await run(`test('one', () => {}); test('two', () => {});`);
  expect(result).toEqual({ lastLine: '2 passed, 0 failed', code: 0 });
});

test('failures and skipped tests are counted', async () => {
  const result = await run(
    `test('one', () => {}); test('two', () => expect(1).toBe(2)); test.skip('three', () => {});`,
  );
  expect(result).toEqual({ lastLine: '1 passed, 1 failed, 1 skipped', code: 1 });
});

test('a file that cannot be loaded, and an error outside of all tests, count as failures', async () => {
  expect(await run(`throw new Error('broken');`)).toEqual({ lastLine: '0 passed, 1 failed', code: 1 });
  const stray = `test('one', () => { void Promise.reject(new Error('stray')); });`;
  expect(await run(stray)).toEqual({ lastLine: '1 passed, 1 failed', code: 1 });
});

test('a setup that fails never looks like a good run', async () => {
  const setup = path.join(project, 'setup.ts');
  await writeFile(setup, `export default () => { throw new Error('no database'); };\n`);
  expect(await run(`test('one', () => {});`, { SETUP: setup })).toEqual({ lastLine: '0 passed, 1 failed', code: 1 });
});
