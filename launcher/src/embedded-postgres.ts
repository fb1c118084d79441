import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { restartDelay } from './backoff.ts';
import { type KeptProcess, keepRunning } from './keep-running.ts';
import { findBinaries } from './postgres/binaries.ts';
import { openCluster, storedConnection, withFreePort } from './postgres/cluster.ts';
import { stopLeftover } from './postgres/leftover.ts';
import { keepLogSmall } from './postgres/log-file.ts';
import { databaseUrl, ensureDatabase, type PostgresServer, startServer } from './postgres/server.ts';
import { StartError } from './start-error.ts';

const DATABASE = 'signalbox';
/** As long as processes that lost us may need to put their work down. */
const LINGER_SECONDS = 40;
const FIRST_START_TRIES = 6;

export interface EmbeddedPostgres extends KeptProcess {
  databaseUrl: string;
  /** Absolute. */
  folder: string;
}

export interface EmbeddedPostgresOptions {
  /** Exists, and is held by this process. */
  dataDir: string;
  report(line: string): void;
}

/**
 * Starts the PostgreSQL of a data folder and keeps it running on one port: loopback only, with a password of its own.
 * A server that an earlier, killed parent left behind is stopped first. Durable: what was committed survives a crash.
 */
export async function startEmbeddedPostgres({ dataDir, report }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries();
  const opened = await openCluster(dataDir, binaries);
  const leftover = await stopLeftover(opened.folder);
  if (leftover) report(`stopped the server that an earlier run had left behind (process ${leftover})`);
  const cluster = await withFreePort(opened);
  const logFile = path.join(dataDir, 'postgres.log');
  const start = async () => {
    await stopLeftover(cluster.folder);
    return startServer({ cluster, binaries, logFile, lingerSeconds: LINGER_SECONDS });
  };
  let first: PostgresServer | undefined = await startFirst(start);
  const logKeeper = keepLogSmall(logFile);
  const kept = keepRunning({
    name: 'database',
    async start() {
      const server = first ?? (await start());
      first = undefined;
      return server;
    },
    onHopeless: (error) => report(error.message),
    report,
  });
  await ensureDatabase(cluster, DATABASE);
  return {
    databaseUrl: databaseUrl(cluster, DATABASE),
    folder: cluster.folder,
    kill: kept.kill,
    async stop(patienceMs) {
      logKeeper.end();
      await kept.stop(patienceMs);
    },
  };
}

/** Where the database of a data folder answers while it runs; nothing when there is none yet. */
export async function storedDatabaseUrl(dataDir: string): Promise<string | undefined> {
  const connection = await storedConnection(dataDir);
  return connection && databaseUrl(connection, DATABASE);
}

/** Workers of a server that was just killed may hold its memory for a moment longer. */
async function startFirst(start: () => Promise<PostgresServer>): Promise<PostgresServer> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await start();
    } catch (error) {
      const mayPass = error instanceof StartError && /pre-existing shared memory|lock file/.test(error.message);
      if (!mayPass || failures === FIRST_START_TRIES) throw error;
      await wait(restartDelay(failures));
    }
  }
}

export interface TemporaryPostgres {
  /** The address of the maintenance database, as a user who may create others. */
  adminUrl: string;
  stop(): Promise<void>;
}

/** A PostgreSQL for tests: quick, forgetful, and gone without a trace when this process ends, however it ends. */
export function startTemporaryPostgres(): Promise<TemporaryPostgres> {
  return startTemporary(tmpdir(), FORGETFUL);
}

/**
 * A PostgreSQL for measurements: as durable and as slow as a real one, and gone without a trace like the one for tests.
 * @param parent an existing folder on the disk that is to be measured; the temporary folder of many machines is memory
 */
export function startDurablePostgres(parent: string): Promise<TemporaryPostgres> {
  return startTemporary(parent, {});
}

const FORGETFUL = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
  autovacuum: 'off',
};

async function startTemporary(parent: string, settings: Record<string, string>): Promise<TemporaryPostgres> {
  const binaries = await findBinaries();
  const folder = await mkdtemp(path.join(parent, 'signalbox-temporary-'));
  try {
    const cluster = await openCluster(folder, binaries);
    const server = await startServer({
      cluster,
      binaries,
      logFile: path.join(folder, 'postgres.log'),
      settings,
      lingerSeconds: 0,
      removeWhenOrphaned: folder,
    });
    return {
      adminUrl: databaseUrl(cluster, 'postgres'),
      async stop() {
        server.stop();
        await server.exited;
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
