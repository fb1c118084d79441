import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startOf } from './process-identity.ts';
import { StartError, systemErrorCode } from './start-error.ts';

const LOCK_NAME = 'signalbox.lock';

/** The right to be the only Signalbox that works in a data folder. */
export interface DataFolder {
  /** Absolute. */
  path: string;
  /** An earlier Signalbox held the folder and ended without giving it back: it was killed, or the machine went down. */
  wasLeftBehind: boolean;
  release(): Promise<void>;
}

interface Holder {
  pid: number;
  start: string;
  address: string;
}

/**
 * Makes the folder where needed and takes it for this process. A lock whose holder is dead counts for nothing, also when
 * its process number is in use again.
 * @param address where this Signalbox will answer, told to whoever comes second
 * @throws StartError when another Signalbox holds it, or it cannot be written
 */
export async function takeDataFolder(dataDir: string, address: string): Promise<DataFolder> {
  const folder = path.resolve(dataDir);
  const lockFile = path.join(folder, LOCK_NAME);
  const ownFile = `${lockFile}.${randomUUID()}`;
  const own: Holder = { pid: process.pid, start: (await startOf(process.pid)) ?? '', address };
  try {
    await makeFolder(folder);
    await writeFile(ownFile, JSON.stringify(own));
    const wasLeftBehind = await take(folder, lockFile, ownFile);
    return { path: folder, wasLeftBehind, release: () => rm(lockFile, { force: true }) };
  } catch (error) {
    throw explainFolderError(error, folder);
  } finally {
    await rm(ownFile, { force: true }).catch(() => undefined);
  }
}

/** Not the recursive mkdir: that one never returns where a parent exists but takes no folders (/proc, say). */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    if (code !== 'ENOENT' || path.dirname(folder) === folder) throw error;
    await makeFolder(path.dirname(folder));
    await mkdir(folder);
  }
}

async function take(folder: string, lockFile: string, ownFile: string, wasLeftBehind = false): Promise<boolean> {
  try {
    // Linking is the test and the taking in one: it fails when the name exists.
    await link(ownFile, lockFile);
    return wasLeftBehind;
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
  }
  const content = await readFile(lockFile, 'utf8').catch(() => undefined);
  if (content === undefined) return take(folder, lockFile, ownFile, wasLeftBehind);
  const holder = parseHolder(content);
  if (holder && (await startOf(holder.pid)) === holder.start) {
    throw new StartError(
      `Signalbox is already running on the data folder ${folder} (process ${holder.pid}, ${holder.address}). Stop it first, or set SIGNALBOX_DATA_DIR to another folder.`,
    );
  }
  await removeStaleLock(lockFile, content);
  return take(folder, lockFile, ownFile, true);
}

/** Two who find the same stale lock must not remove each other's new one, so it is moved aside and looked at again. */
async function removeStaleLock(lockFile: string, staleContent: string): Promise<void> {
  const aside = `${lockFile}.stale.${randomUUID()}`;
  try {
    await rename(lockFile, aside);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== staleContent) await link(aside, lockFile).catch(() => undefined);
  await rm(aside, { force: true });
}

function parseHolder(content: string): Holder | undefined {
  try {
    const holder: unknown = JSON.parse(content);
    const isHolder = typeof holder === 'object' && holder !== null && 'pid' in holder && 'start' in holder;
    return isHolder ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}

/** Turns what the file system says into advice; anything else is returned as it is. */
export function explainFolderError(error: unknown, folder: string): unknown {
  switch (systemErrorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new StartError(`The disk with the data folder ${folder} is full. Free some space and start again.`);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StartError(
        `The data folder ${folder} cannot be written. Change its owner or rights, or set SIGNALBOX_DATA_DIR to another folder.`,
      );
    case 'ENOENT':
      return new StartError(
        `The data folder ${folder} cannot be made there. Set SIGNALBOX_DATA_DIR to another folder.`,
      );
    case 'ENOTDIR':
    case 'EEXIST':
      return new StartError(
        `The data folder ${folder} cannot be made: a file is in the way. Set SIGNALBOX_DATA_DIR to another folder.`,
      );
    default:
      return error;
  }
}

/** Refuses before the work begins when less than so many MiB are free. */
export async function requireFreeSpace(folder: string, mebibytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = Math.floor((bavail * bsize) / 1024 ** 2);
  if (free < mebibytes) {
    throw new StartError(
      `Only ${free} MB are free on the disk with the data folder ${folder}; the database needs ${mebibytes} MB. Free some space, or set SIGNALBOX_DATA_DIR to a folder on another disk.`,
    );
  }
}
