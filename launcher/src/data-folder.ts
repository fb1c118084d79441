import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startOf } from './process-identity.ts';
import { StartError, systemErrorCode } from './start-error.ts';

const LOCK_NAME = 'signalbox.lock';
/** Somebody else is taking a stale lock over: it is his in a moment. */
const LOOK_AGAIN_MS = 5;

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

/** Resolves to whether the lock of somebody who is dead had to be taken over. */
async function take(folder: string, lockFile: string, ownFile: string): Promise<boolean> {
  for (;;) {
    if (await linked(ownFile, lockFile)) return false;
    const content = await readFile(lockFile, 'utf8').catch(() => undefined);
    if (content === undefined) continue;
    const holder = parseHolder(content);
    if (holder && (await isAlive(holder))) {
      throw new StartError(
        `Signalbox is already running on the data folder ${folder} (process ${holder.pid}, ${holder.address}). Stop it first, or set SIGNALBOX_DATA_DIR to another folder.`,
      );
    }
    if (await replaceStaleLock(lockFile, content, ownFile)) return true;
    await delay(LOOK_AGAIN_MS);
  }
}

/** Linking is the test and the taking in one: it fails when the name exists. */
async function linked(ownFile: string, name: string): Promise<boolean> {
  try {
    await link(ownFile, name);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Puts the own lock over that of a dead holder. Two who find the same stale lock must not replace each other's new one, so
 * only who holds a second lock may do it; and as that one's holder can die too, it is taken over in the same way.
 */
async function replaceStaleLock(lockFile: string, staleContent: string, ownFile: string): Promise<boolean> {
  const right = `${lockFile}.takeover`;
  if (!(await linked(ownFile, right))) {
    const content = await readFile(right, 'utf8').catch(() => undefined);
    const holder = content === undefined ? undefined : parseHolder(content);
    if (content === undefined || (holder && (await isAlive(holder)))) return false;
    const spare = `${right}.${randomUUID()}`;
    await link(ownFile, spare);
    try {
      if (!(await replaceStaleLock(right, content, spare))) return false;
    } finally {
      await rm(spare, { force: true });
    }
  }
  try {
    const content = await readFile(lockFile, 'utf8').catch(() => undefined);
    if (content !== staleContent) return false;
    await rename(ownFile, lockFile);
    return true;
  } finally {
    await rm(right, { force: true });
  }
}

async function isAlive({ pid, start }: Holder): Promise<boolean> {
  return (await startOf(pid)) === start;
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
