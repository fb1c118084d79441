/** `npm run check`: everything about the code that can be checked without running it. `-- --fix` repairs what can be. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const MOST_LINES = 400;
const SOURCE = /\.(ts|tsx|js|css)$/;
const NOT_SOURCES = new Set(['node_modules', 'dist', 'generated', '.git', '.data']);
const OUTPUT_LIMIT = 64 * 1024 ** 2;

const root = fileURLToPath(new URL('../..', import.meta.url));
const isFixing = process.argv.includes('--fix');

interface Check {
  name: string;
  /** Throws with an explanation when something is wrong. */
  run(): Promise<void>;
}

const checks: readonly Check[] = [
  tool('formatting and lints', 'biome', ['check', '--error-on-warnings', ...(isFixing ? ['--write'] : [])]),
  tool('promises, cycles and package boundaries', 'oxlint', ['--deny-warnings', ...(isFixing ? ['--fix'] : [])]),
  tool('types of the server', 'tsc', ['--noEmit', '--project', 'tsconfig.json']),
  tool('types of the web app', 'tsc', ['--noEmit', '--project', 'packages/web/tsconfig.json']),
  { name: `files of at most ${MOST_LINES} lines`, run: requireShortFiles },
  program('schema.graphql is what the API serves', ['packages/api/tools/print-schema.ts', '--check']),
  program('schema.graphql breaks no client of the last release', ['packages/api/tools/check-release.ts']),
];

function tool(name: string, command: string, args: readonly string[]): Check {
  return { name, run: () => runTool(path.join(root, 'node_modules/.bin', command), args) };
}

function program(name: string, args: readonly string[]): Check {
  return { name, run: () => runTool(process.execPath, args) };
}

async function runTool(command: string, args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(command, args, { cwd: root, maxBuffer: OUTPUT_LIMIT });
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(`${stdout}${stderr}`.trim() || message);
  }
}

async function requireShortFiles(): Promise<void> {
  const files = await sourceFiles(root);
  const counts = await Promise.all(
    files.map(async (file) => ({ file, lines: (await readFile(file, 'utf8')).split('\n').length - 1 })),
  );
  const long = counts.filter(({ lines }) => lines > MOST_LINES);
  if (long.length === 0) return;
  throw new Error(
    long.map(({ file, lines }) => `${path.relative(root, file)} has ${lines} lines: split it`).join('\n'),
  );
}

async function sourceFiles(folder: string): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter((entry) => !NOT_SOURCES.has(entry.name));
  const files = entries.filter((entry) => entry.isFile() && SOURCE.test(entry.name));
  const folders = entries.filter((entry) => entry.isDirectory());
  const deeper = await Promise.all(folders.map((entry) => sourceFiles(path.join(folder, entry.name))));
  return [...files.map((entry) => path.join(folder, entry.name)), ...deeper.flat()];
}

let failed = 0;
for (const { name, run } of checks) {
  const began = performance.now();
  const problem = await run().then(
    () => undefined,
    (error: Error) => error.message,
  );
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${problem === undefined ? 'ok    ' : 'FAILED'}  ${name} (${seconds} s)`);
  if (problem === undefined) continue;
  failed += 1;
  console.log(problem);
}
console.log(failed === 0 ? 'All checks passed.' : `${failed} of ${checks.length} checks failed.`);
process.exitCode = failed === 0 ? 0 : 1;
