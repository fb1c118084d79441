/** Files of the job's working folder, and of nowhere else: whatever a path says, and whatever lies in the folder. */
import type { Stats } from 'node:fs';
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { lstat, mkdir, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { StepFailure } from '@signalbox/plugin-sdk';

/** `path` as given, from the folder. Throws a USER_INPUT failure for one that could lead out of it by its text alone. */
export function pathIn(folder: string, path: string): string {
  if (path.includes('\0')) throw refusal(path, 'holds a NUL character');
  if (isAbsolute(path)) throw refusal(path, "is absolute. Paths start in the job's working folder");
  if (path.split(/[\\/]/).includes('..')) throw refusal(path, 'leads out of a folder by ".."');
  return join(folder, path);
}

/** Opens an ordinary file for reading that lies in the folder, and hands it to `read`. */
export async function withFile<T>(
  folder: string,
  path: string,
  read: (file: FileHandle, stats: Stats) => Promise<T>,
): Promise<T> {
  const full = pathIn(folder, path);
  let file: FileHandle;
  try {
    // Non-blocking, so that a pipe in the file's place cannot hold the step for ever.
    file = await open(full, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (error) {
    throw explained(path, error);
  }
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw refusal(path, 'is not an ordinary file');
    await requireInside(folder, path, full, stats);
    if (stats.nlink > 1) throw refusal(path, 'has a second name somewhere (a hard link), which may be outside');
    return await read(file, stats);
  } finally {
    await file.close();
  }
}

/** The real path of a folder in the working folder. */
export async function folderIn(folder: string, path: string): Promise<string> {
  const full = pathIn(folder, path);
  try {
    const stats = await stat(full);
    if (!stats.isDirectory()) throw refusal(path, 'is not a folder');
    return await requireInside(folder, path, full, stats);
  } catch (error) {
    throw explained(path, error);
  }
}

/**
 * Puts a file into the folder, with the folders above it. It is there whole or not at all, and takes the place of what had its
 * name: a link is replaced and never followed. Answers whether there was something before.
 */
export async function putFile(
  folder: string,
  path: string,
  content: Uint8Array,
  { overwrite }: { overwrite: boolean },
): Promise<boolean> {
  const full = pathIn(folder, path);
  if (relative(folder, full) === '' || /[\\/]$/.test(path)) throw refusal(path, 'names no file');
  try {
    const parent = await makeFolder(folder, path, dirname(full));
    const target = join(parent, basename(full));
    const before = await lstat(target).catch(() => undefined);
    if (before?.isDirectory()) throw refusal(path, 'is a folder');
    if (before && !overwrite) throw refusal(path, 'exists already, and overwrite is false');
    const part = join(parent, `.${process.hrtime.bigint()}.part`);
    try {
      await writeFile(part, content, { flag: 'wx' });
      await rename(part, target);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
    return before !== undefined;
  } catch (error) {
    throw explained(path, error);
  }
}

/** Makes what is missing of a folder, one below the other, so that a link on the way is seen before anything is made behind it. */
async function makeFolder(folder: string, path: string, wanted: string): Promise<string> {
  let made = await realpath(folder);
  for (const part of relative(folder, wanted).split(sep)) {
    if (part === '') continue;
    const next = join(made, part);
    await mkdir(next).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    const stats = await stat(next);
    if (!stats.isDirectory()) throw refusal(path, `needs the folder "${part}", which is none`);
    made = await requireInside(folder, path, next, stats);
  }
  return made;
}

/** The real path, which must lie in the folder and still be what was looked at. */
async function requireInside(folder: string, path: string, full: string, stats: Stats): Promise<string> {
  const [root, real] = await Promise.all([realpath(folder), realpath(full)]);
  if (real !== root && !real.startsWith(root + sep)) throw refusal(path, "leads out of the job's working folder");
  const found = await lstat(real);
  if (found.ino !== stats.ino || found.dev !== stats.dev) throw refusal(path, 'was replaced while it was looked at');
  return real;
}

function explained(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return refusal(path, 'does not exist');
    case 'ELOOP':
      return refusal(path, 'is a symbolic link, which is not followed');
    case 'EISDIR':
      return refusal(path, 'is a folder');
    case 'ENOTDIR':
      return refusal(path, 'leads through a file that is no folder');
    case 'ENAMETOOLONG':
      return refusal(path.slice(0, 100), 'is too long');
    case 'EACCES':
    case 'EPERM':
      return refusal(path, 'may not be touched by the worker');
    case 'ENXIO':
      return refusal(path, 'is not an ordinary file');
    case 'ENOSPC':
    case 'EDQUOT':
      return new StepFailure("There is no space left where the job's working folder is.", {
        category: 'CONFIGURATION',
        cause: error,
      });
    default:
      return error;
  }
}

function refusal(path: string, what: string): StepFailure {
  return new StepFailure(`The path ${JSON.stringify(path)} ${what}.`, { category: 'USER_INPUT', retryable: false });
}
