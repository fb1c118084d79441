import { spawn } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';
import type { Exit, ManagedProcess } from '../keep-running.ts';
import { StartError } from '../start-error.ts';
import { asAccount } from './account.ts';
import type { Binaries } from './binaries.ts';
import { type Cluster, DATABASE_HOST, DATABASE_USER, postgresEnvironment } from './cluster.ts';
import { guardServer } from './guard.ts';
import { openLog, tailOf } from './log-file.ts';

const PROBE_EVERY_MS = 20;
const CONNECT_TIMEOUT_MS = 2000;

export interface ServerOptions {
  cluster: Cluster;
  binaries: Binaries;
  /** Where PostgreSQL's own messages go. */
  logFile: string;
  /** More settings in postgresql.conf's words. */
  settings?: Record<string, string>;
  /** See guardServer. */
  lingerSeconds: number;
  removeWhenOrphaned?: string;
}

/** A running PostgreSQL. stop() is a fast shutdown: sessions are cut, everything committed is on the disk. */
export interface PostgresServer extends ManagedProcess {
  pid: number;
}

/** Starts PostgreSQL and waits until it answers, crash recovery included. Throws a StartError with its last words. */
export async function startServer(options: ServerOptions): Promise<PostgresServer> {
  const { cluster, binaries, logFile } = options;
  const log = await openLog(logFile);
  const settings = Object.entries({ ...defaultSettings(cluster), ...options.settings });
  const args = ['-D', cluster.folder, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const {
    command,
    args: rest,
    options: spawnOptions,
  } = asAccount(cluster.account, binaries.postgres, args, {
    cwd: '/',
    env: postgresEnvironment(),
    // Ctrl-C is for us: the database must outlive those who are still putting their work down.
    detached: true,
    stdio: ['ignore', log.fd, log.fd] satisfies ('ignore' | number)[],
  });
  const child = spawn(command, rest, spawnOptions);
  const exited = once(child, 'exit').then(([code, signal]): Exit => ({ code, signal }));
  exited.catch(() => undefined);
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new StartError(`The database program ${binaries.postgres} cannot be run on this machine: ${String(error)}`);
  } finally {
    await log.close();
  }
  const pid = child.pid ?? 0;
  const guard = guardServer({
    pid,
    clusterFolder: cluster.folder,
    lingerSeconds: options.lingerSeconds,
    ...(options.removeWhenOrphaned ? { remove: options.removeWhenOrphaned } : {}),
  });
  void exited.finally(() => guard.dismiss());
  const server: PostgresServer = { pid, exited, stop: () => child.kill('SIGINT'), kill: () => child.kill('SIGQUIT') };
  await untilAnswering(cluster, exited, logFile);
  return server;
}

/** The address of one of the cluster's databases. */
export function databaseUrl(cluster: Pick<Cluster, 'password' | 'port'>, database: string): string {
  return `postgresql://${DATABASE_USER}:${cluster.password}@${DATABASE_HOST}:${cluster.port}/${database}`;
}

/** Makes the database where it is missing. */
export async function ensureDatabase(cluster: Cluster, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl(cluster, 'postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}

function defaultSettings(cluster: Cluster): Record<string, string> {
  return {
    port: String(cluster.port),
    listen_addresses: DATABASE_HOST,
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Details of an error would copy rows, and with them people's input, into the log.
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
  };
}

async function untilAnswering(cluster: Cluster, exited: Promise<Exit>, logFile: string): Promise<void> {
  const state = { hasExited: false };
  void exited.then(() => {
    state.hasExited = true;
  });
  while (!(await isAnswering(cluster))) {
    if (state.hasExited) throw new StartError(await explainExit(logFile));
    await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS));
  }
  // Somebody else's server on our port would answer too, while ours has given up.
  if (state.hasExited) throw new StartError(await explainExit(logFile));
}

async function isAnswering(cluster: Cluster): Promise<boolean> {
  const client = new pg.Client({
    connectionString: databaseUrl(cluster, 'postgres'),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function explainExit(logFile: string): Promise<string> {
  const tail = await tailOf(logFile);
  if (/no space left on device/i.test(tail)) {
    return `The database did not start: the disk is full. Free some space and start again. Details: ${logFile}`;
  }
  return `The database did not start. The end of ${logFile}:\n${tail}`;
}
