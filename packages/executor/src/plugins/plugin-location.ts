import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { resolve as resolvePackage } from 'import-meta-resolve';

const ENTRY_FILES = ['index.ts', 'index.js', 'index.mjs'];

/** The URL of a plugin's module: a package as seen from the current folder or from here, or a file, or a folder. */
export async function resolvePlugin(name: string): Promise<string> {
  if (isAbsolute(name) || /^\.{1,2}([\\/]|$)/.test(name) || name.startsWith('file:')) {
    return resolvePath(name.startsWith('file:') ? fileURLToPath(name) : resolve(name));
  }
  try {
    return resolvePackage(name, pathToFileURL(join(process.cwd(), 'package.json')).href);
  } catch {
    return resolvePackage(name, import.meta.url);
  }
}

async function resolvePath(path: string): Promise<string> {
  if (!(await stat(path)).isDirectory()) return pathToFileURL(path).href;
  const manifest = await readFile(join(path, 'package.json'), 'utf8').catch(() => undefined);
  const { exports, main, name }: { exports?: unknown; main?: unknown; name?: unknown } = manifest
    ? JSON.parse(manifest)
    : {};
  // A package may name itself, which makes the rules of its exports count.
  if (exports !== undefined && typeof name === 'string')
    return resolvePackage(name, pathToFileURL(join(path, 'package.json')).href);
  for (const entry of typeof main === 'string' ? [main] : ENTRY_FILES) {
    const found = await stat(join(path, entry)).catch(() => undefined);
    if (found?.isFile()) return pathToFileURL(join(path, entry)).href;
  }
  throw new Error(`the folder has neither a package.json with an entry nor ${ENTRY_FILES.join(', ')}`);
}
