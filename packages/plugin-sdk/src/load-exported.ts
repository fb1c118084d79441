import { readFile, stat } from 'node:fs/promises';
import { createRequire, registerHooks } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isRecord } from './is-record.ts';

const ENTRY_FILES = ['index.ts', 'index.js', 'index.mjs', 'src/index.ts'];

const SDK = /^@signalbox\/plugin-sdk(\/.*)?$/;

/** The default export of a file, a folder or a package that is installed where the command runs. */
export async function loadExported(target: string): Promise<unknown> {
  // As in the executor, a plugin that does not find the SDK where it lies gets this one.
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        if (!SDK.test(specifier)) throw error;
        return next(specifier, { ...context, parentURL: import.meta.url });
      }
    },
  });
  const module: { default?: unknown } = await import(await locate(target));
  return module.default;
}

async function locate(target: string): Promise<string> {
  const path = resolve(target);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return pathToFileURL(path).href;
  if (found?.isDirectory()) return pathToFileURL(await entryOf(path)).href;
  const packagesFolder = createRequire(join(process.cwd(), 'package.json')).resolve.paths(target) ?? [];
  for (const folder of packagesFolder) {
    const installed = join(folder, target);
    if ((await stat(installed).catch(() => undefined))?.isDirectory())
      return pathToFileURL(await entryOf(installed)).href;
  }
  throw new Error(`${target} was not found: neither a path nor an installed package.`);
}

/** What the package.json says, if that is there, else an index file. */
async function entryOf(folder: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}'));
  const told = isRecord(manifest) ? (importOf(manifest.exports) ?? manifest.main) : undefined;
  for (const entry of [told, ...ENTRY_FILES]) {
    if (typeof entry !== 'string') continue;
    const file = join(folder, entry);
    if ((await stat(file).catch(() => undefined))?.isFile()) return file;
  }
  throw new Error(`${folder} has neither a package.json with an entry that exists nor ${ENTRY_FILES.join(', ')}.`);
}

function importOf(exports: unknown): unknown {
  if (!isRecord(exports)) return exports;
  return importOf(exports['.'] ?? exports.import ?? exports.default);
}
