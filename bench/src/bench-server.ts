import { mkdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { migrate } from '@signalbox/db/migrate';
import { startDurablePostgres } from '@signalbox/launcher/embedded-postgres';
import pg from 'pg';
import { type ContenderName, openContender } from './contenders/contender-process.ts';
import { cpuOfTree, parentOf } from './measure/process-cpu.ts';

const DATA_FOLDER = fileURLToPath(new URL('../.data', import.meta.url));
/** Settings that decide what a commit costs, and how much of the database stays in memory. */
const TOLD_SETTINGS = [
  'fsync',
  'synchronous_commit',
  'wal_sync_method',
  'shared_buffers',
  'max_wal_size',
  'max_connections',
];

/** Sessions tell what they did at their end. */
const OTHER_SESSIONS = `SELECT count(*) FROM pg_stat_activity
  WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`;
const SESSION_LOOK_MS = 10;

/** The PostgreSQL that all contenders use, each with a database of its own. */
export interface BenchServer {
  version: string;
  settings: Record<string, string>;
  /** A new, empty database, ready for the contender: it has opened and closed itself there once. */
  makeDatabase(contender: ContenderName, name: string): Promise<string>;
  /** From now on each flush of a commit in that database waits so long, as on an ordinary disk. */
  slowFlushes(databaseUrl: string, microseconds: number): Promise<void>;
  /** CPU milliseconds of PostgreSQL's processes so far; undefined where that cannot be known. */
  cpuMs(): Promise<number | undefined>;
  /** Flushes of the write-ahead log so far. Waits for the end of all sessions, as they tell of theirs then. */
  walFlushes(): Promise<number>;
  stop(): Promise<void>;
}

export async function startBenchServer(): Promise<BenchServer> {
  await mkdir(DATA_FOLDER, { recursive: true });
  const server = await startDurablePostgres(DATA_FOLDER);
  const admin = new pg.Client({ connectionString: server.adminUrl });
  await admin.connect();
  const ask = async (text: string, values: unknown[] = []): Promise<Record<string, unknown>> =>
    (await admin.query<Record<string, unknown>>(text, values)).rows[0] ?? {};

  const { pid, version } = await ask(`SELECT pg_backend_pid() AS pid, current_setting('server_version') AS version`);
  const postmaster = await parentOf(Number(pid));
  const settings: Record<string, string> = {};
  for (const name of TOLD_SETTINGS)
    settings[name] = String((await ask('SELECT current_setting($1) AS value', [name])).value);

  return {
    version: String(version),
    settings,
    async makeDatabase(contender, name) {
      await admin.query(`CREATE DATABASE ${admin.escapeIdentifier(name)}`);
      const url = new URL(server.adminUrl);
      url.pathname = `/${name}`;
      if (contender === 'signalbox') await migrate(url.href);
      await (await openContender(contender, { databaseUrl: url.href, concurrency: 1 })).close();
      return url.href;
    },
    async slowFlushes(databaseUrl, microseconds) {
      const database = admin.escapeIdentifier(new URL(databaseUrl).pathname.slice(1));
      await admin.query(`ALTER DATABASE ${database} SET commit_delay = ${microseconds}`);
      await admin.query(`ALTER DATABASE ${database} SET commit_siblings = 0`);
    },
    cpuMs: async () => (postmaster === undefined ? undefined : cpuOfTree(postmaster)),
    async walFlushes() {
      while ((await ask(OTHER_SESSIONS)).count !== '0') await pause(SESSION_LOOK_MS);
      return Number((await ask(`SELECT sum(fsyncs) AS flushes FROM pg_stat_io WHERE object = 'wal'`)).flushes);
    },
    async stop() {
      await admin.end();
      await server.stop();
    },
  };
}
