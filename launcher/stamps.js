import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

// Inside node_modules: whoever deletes that also forgets what was done with it.
const STAMP_FOLDER = 'node_modules/.signalbox';
const NOT_SOURCES = new Set(['node_modules', 'dist', 'generated', 'test', '.git']);

/**
 * What an earlier run left behind under this name; undefined when there is none or it cannot be read.
 * @param {string} root
 * @param {string} name
 * @returns {Record<string, string> | undefined}
 */
export function readStamp(root, name) {
  try {
    return JSON.parse(readFileSync(path.join(root, STAMP_FOLDER, `${name}.json`), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} root
 * @param {string} name
 * @param {Record<string, string>} content
 */
export function writeStamp(root, name, content) {
  mkdirSync(path.join(root, STAMP_FOLDER), { recursive: true });
  writeFileSync(path.join(root, STAMP_FOLDER, `${name}.json`), `${JSON.stringify(content)}\n`);
}

/**
 * @param {string} root
 * @param {string} name
 */
export function logFileOf(root, name) {
  return path.join(root, STAMP_FOLDER, `${name}.log`);
}

/**
 * One number for the names and contents of files; folders count with all source files below them, missing ones as empty.
 * @param {string} root
 * @param {string[]} names relative to root
 */
export function hashOf(root, names) {
  const hash = createHash('sha256');
  for (const file of names.flatMap((name) => filesUnder(root, name)).sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} name
 * @returns {string[]}
 */
function filesUnder(root, name) {
  const full = path.join(root, name);
  if (!existsSync(full)) return [];
  try {
    return readdirSync(full, { withFileTypes: true })
      .filter((entry) => !NOT_SOURCES.has(entry.name))
      .flatMap((entry) =>
        entry.isDirectory() ? filesUnder(root, `${name}/${entry.name}`) : [`${name}/${entry.name}`],
      );
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOTDIR') return [name];
    throw error;
  }
}
