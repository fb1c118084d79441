import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { requireFreeSpace } from '../data-folder.ts';
import { findFreePort, isPortFree } from '../port.ts';
import { StartError, systemErrorCode } from '../start-error.ts';
import { type Account, asAccount, chooseAccount, handOver, ownerOf } from './account.ts';
import type { Binaries } from './binaries.ts';

const run = promisify(execFile);

export const DATABASE_HOST = '127.0.0.1';
export const DATABASE_USER = 'signalbox';
const FOLDER_NAME = 'postgres';
const UNFINISHED_PREFIX = 'postgres.unfinished-';
/** Lives inside the cluster, so that it comes and goes with it. */
const CONNECTION_FILE = 'signalbox.json';
const SPACE_FOR_NEW_CLUSTER_MB = 300;

/** A folder with databases, and how to reach the server that works in it. */
export interface Cluster {
  /** Absolute, links resolved. */
  folder: string;
  account: Account;
  port: number;
  password: string;
}

/**
 * Opens the cluster in a data folder, making it first where there is none. Making it is all or nothing: it happens under
 * another name, and what an interrupted try left behind is removed.
 */
export async function openCluster(dataDir: string, binaries: Binaries): Promise<Cluster> {
  const folder = path.join(await realpath(dataDir), FOLDER_NAME);
  await removeUnfinished(dataDir);
  if (await isMissingOrEmpty(folder)) await makeCluster(folder, binaries);
  await requireSameVersion(folder, binaries);
  const account = await chooseAccount(binaries.postgres, dataDir, await ownerOf(folder));
  // A cluster that root put back from a backup belongs to root, and PostgreSQL would refuse it.
  if (account.user && (await ownerOf(folder)) === 0) {
    await run('chown', ['-R', `${account.user.uid}:${account.user.gid}`, folder]);
  }
  return { folder, account, ...(await readConnection(folder)) };
}

/** The cluster on a port that is free now, the stored one if possible. Others may have taken it while we were away. */
export async function withFreePort(cluster: Cluster): Promise<Cluster> {
  if (await isPortFree(DATABASE_HOST, cluster.port)) return cluster;
  const moved = { ...cluster, port: await findFreePort(DATABASE_HOST) };
  await writeConnection(moved.folder, moved.account, moved);
  return moved;
}

async function isMissingOrEmpty(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return true;
    throw await explainClusterError(error, folder, '');
  }
}

async function removeUnfinished(dataDir: string): Promise<void> {
  const names = (await readdir(dataDir)).filter((name) => name.startsWith(UNFINISHED_PREFIX));
  await Promise.all(names.map((name) => rm(path.join(dataDir, name), { recursive: true, force: true })));
}

async function makeCluster(folder: string, binaries: Binaries): Promise<void> {
  const dataDir = path.dirname(folder);
  await requireFreeSpace(dataDir, SPACE_FOR_NEW_CLUSTER_MB);
  const account = await chooseAccount(binaries.initdb, dataDir, undefined);
  const unfinished = path.join(dataDir, `${UNFINISHED_PREFIX}${randomBytes(6).toString('hex')}`);
  const passwordFile = `${unfinished}.password`;
  const connection = { port: await findFreePort(DATABASE_HOST), password: randomBytes(24).toString('base64url') };
  await mkdir(unfinished, { mode: 0o700 });
  await handOver(account, unfinished);
  await writeFile(passwordFile, connection.password, { mode: 0o600 });
  await handOver(account, passwordFile);
  try {
    await initialize(unfinished, account, passwordFile, binaries);
    await writeConnection(unfinished, account, connection);
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function initialize(folder: string, account: Account, passwordFile: string, binaries: Binaries): Promise<void> {
  const args = [
    `--pgdata=${folder}`,
    `--username=${DATABASE_USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // PostgreSQL's own ordering of text does not change when the operating system is upgraded.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
  ];
  const {
    command,
    args: rest,
    options,
  } = asAccount(account, binaries.initdb, args, { cwd: '/', env: postgresEnvironment() });
  try {
    await run(command, rest, options);
  } catch (error) {
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    const problem = output.split('\n').findLast((line) => /error|fatal|could not/i.test(line)) ?? output.trim();
    const advice = /no space left/i.test(output) ? ' The disk is full: free some space and start again.' : '';
    throw new StartError(`The database could not be made in ${path.dirname(folder)}: ${problem}${advice}`);
  }
}

/** PostgreSQL gets no secret and no setting of ours. */
export function postgresEnvironment(): Record<string, string> {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

async function requireSameVersion(folder: string, binaries: Binaries): Promise<void> {
  const found = (await readInCluster(folder, 'PG_VERSION')).trim();
  const { stdout } = await run(binaries.postgres, ['-V']);
  const ours = /(\d+)\./.exec(stdout)?.[1];
  if (found === ours) return;
  throw new StartError(
    `The database in ${folder} was made by PostgreSQL ${found}, and this version of Signalbox brings PostgreSQL ${ours}. Start the Signalbox that made it and move the data with pg_dump, or set SIGNALBOX_DATA_DIR to a new folder.`,
  );
}

/** How the server of a data folder is reached, whether it runs or not; nothing when there is none yet. */
export async function storedConnection(dataDir: string): Promise<{ port: number; password: string } | undefined> {
  const folder = path.join(dataDir, FOLDER_NAME);
  return (await isMissingOrEmpty(folder)) ? undefined : readConnection(folder);
}

async function readConnection(folder: string): Promise<{ port: number; password: string }> {
  const text = await readInCluster(folder, CONNECTION_FILE);
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null && 'port' in value && 'password' in value) {
    if (typeof value.port === 'number' && typeof value.password === 'string')
      return { port: value.port, password: value.password };
  }
  throw new StartError(
    `${path.join(folder, CONNECTION_FILE)} must hold the port and the password of the database. Restore it from a backup.`,
  );
}

async function writeConnection(
  folder: string,
  account: Account,
  { port, password }: { port: number; password: string },
): Promise<void> {
  const file = path.join(folder, CONNECTION_FILE);
  await writeFile(`${file}.new`, `${JSON.stringify({ port, password })}\n`, { mode: 0o600 });
  await handOver(account, `${file}.new`);
  await rename(`${file}.new`, file);
}

async function readInCluster(folder: string, name: string): Promise<string> {
  try {
    return await readFile(path.join(folder, name), 'utf8');
  } catch (error) {
    throw await explainClusterError(error, folder, name);
  }
}

async function explainClusterError(error: unknown, folder: string, name: string): Promise<unknown> {
  switch (systemErrorCode(error)) {
    case 'EACCES':
    case 'EPERM':
      return new StartError(
        `The database in ${folder} belongs to another user (number ${await ownerOf(folder)}). Start Signalbox as that user, or set SIGNALBOX_DATA_DIR to another folder.`,
      );
    case 'ENOENT':
      return new StartError(
        `${folder} is not a database of Signalbox: it has no ${name}. Move it away, or set SIGNALBOX_DATA_DIR to another folder.`,
      );
    default:
      return error;
  }
}
