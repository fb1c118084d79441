import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/embedded-postgres.ts';
import { isGoneWithin, startOf } from '../src/process-identity.ts';

const OWN_DATABASE = path.join(import.meta.dirname, 'programs/own-database.ts');
let dataDir: string;
let database: EmbeddedPostgres | undefined;

beforeEach(async () => {
  // Closed to everybody but its owner, like root's home: the database must work there too.
  dataDir = await mkdtemp(path.join(tmpdir(), 'signalbox-postgres-'));
});

afterEach(async () => {
  await database?.stop(10_000);
  database = undefined;
  await rm(dataDir, { recursive: true, force: true });
});

async function start(report: (line: string) => void = () => undefined): Promise<EmbeddedPostgres> {
  database = await startEmbeddedPostgres({ dataDir, report });
  return database;
}

async function restart(report?: (line: string) => void): Promise<EmbeddedPostgres> {
  await database?.stop(10_000);
  return start(report);
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function untilAnswering(url: string): Promise<void> {
  for (;;) {
    const answer = await query(url, 'SELECT 1').catch(() => undefined);
    if (answer) return;
  }
}

async function serverPid(): Promise<number> {
  return Number.parseInt(await readFile(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8'), 10);
}

test('the database answers on the loopback address only, wants its password, and writes durably', async () => {
  const { databaseUrl } = await start();
  const { hostname, password } = new URL(databaseUrl);
  expect(hostname).toBe('127.0.0.1');
  expect(password.length).toBeGreaterThanOrEqual(32);
  const settings =
    "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'listen_addresses', 'synchronous_commit')";
  expect(await query(databaseUrl, settings)).toEqual([
    { name: 'fsync', setting: 'on' },
    { name: 'listen_addresses', setting: '127.0.0.1' },
    { name: 'synchronous_commit', setting: 'on' },
  ]);
  const withoutPassword = databaseUrl.replace(password, 'guess');
  await expect(query(withoutPassword, 'SELECT 1')).rejects.toThrow('password authentication failed');
});

test('a restart keeps the data, the password and the port', async () => {
  const first = await start();
  await query(first.databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
  const second = await restart();
  expect(second.databaseUrl).toBe(first.databaseUrl);
  expect(await query(second.databaseUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
});

test('the password is kept in a file that only its owner may read', async () => {
  const { databaseUrl, folder } = await start();
  const file = path.join(folder, 'signalbox.json');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).toContain(new URL(databaseUrl).password);
});

test('a server that dies is started again at the same address, with everything that was committed', async () => {
  const lines: string[] = [];
  const { databaseUrl } = await start((line) => lines.push(line));
  await query(databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
  const pid = await serverPid();
  process.kill(pid, 'SIGKILL');
  await isGoneWithin(pid, 10_000);
  await untilAnswering(databaseUrl);
  expect(await query(databaseUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  expect(lines[0]).toContain('the database was ended by SIGKILL; starting it again in 0.25 s');
});

test('a server that a killed parent left behind is replaced, and nothing that was committed is lost', async () => {
  const parent = fork(OWN_DATABASE, [dataDir]);
  const [{ url }] = await once(parent, 'message');
  await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  const leftover = await serverPid();
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  expect(await startOf(leftover)).toBeDefined();

  const lines: string[] = [];
  const { databaseUrl } = await start((line) => lines.push(line));
  expect(await startOf(leftover)).toBeUndefined();
  expect(lines).toEqual([`stopped the server that an earlier run had left behind (process ${leftover})`]);
  expect(await query(databaseUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
});

test('parent and server killed together leave nothing in the way of the next start', async () => {
  const parent = fork(OWN_DATABASE, [dataDir]);
  const [{ url }] = await once(parent, 'message');
  await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  parent.kill('SIGKILL');
  process.kill(await serverPid(), 'SIGKILL');
  const { databaseUrl } = await start();
  expect(await query(databaseUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
});

test('a pid file that names a process of somebody else does not stop the start, and that process is left alone', async () => {
  await start();
  await database?.stop(10_000);
  const stranger = spawn('sleep', ['60']);
  const pidFile = [stranger.pid, path.join(dataDir, 'postgres'), 1_700_000_000, 5432, '', '127.0.0.1', '', 'ready   '];
  await writeFile(path.join(dataDir, 'postgres/postmaster.pid'), pidFile.join('\n'));
  const { databaseUrl } = await start();
  expect(await query(databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(stranger.exitCode).toBeNull();
  expect(stranger.kill('SIGTERM')).toBe(true);
});

test('what an interrupted first start left behind is removed and the database is made anew', async () => {
  await mkdir(path.join(dataDir, 'postgres.unfinished-abc/base'), { recursive: true });
  await writeFile(path.join(dataDir, 'postgres.unfinished-abc/PG_VERSION'), '18\n');
  await start();
  expect((await readdir(dataDir)).filter((name) => name.startsWith('postgres.unfinished'))).toEqual([]);
});

test('a database of another PostgreSQL version is refused with both versions and what to do', async () => {
  await start();
  await database?.stop(10_000);
  await writeFile(path.join(dataDir, 'postgres/PG_VERSION'), '15\n');
  await expect(startEmbeddedPostgres({ dataDir, report: () => undefined })).rejects.toThrow(
    /was made by PostgreSQL 15, and this version of Signalbox brings PostgreSQL 18\. Start the Signalbox that made it/,
  );
});

test('a stored port that somebody else has taken is replaced by a free one', async () => {
  const first = await start();
  await database?.stop(10_000);
  const other = createServer().listen(Number(new URL(first.databaseUrl).port), '127.0.0.1');
  await once(other, 'listening');
  const second = await start();
  expect(new URL(second.databaseUrl).port).not.toBe(new URL(first.databaseUrl).port);
  other.close();
});

test('a database for tests is gone, with its folder, after its parent was killed', async () => {
  const parent = fork(OWN_DATABASE, []);
  const [{ url }] = await once(parent, 'message');
  const [{ folder, pid }] = (await query(
    url,
    `SELECT current_setting('data_directory') AS folder, (pg_read_file('postmaster.pid', 0, 10))::text AS pid`,
  )) as [{ folder: string; pid: string }];
  parent.kill('SIGKILL');
  expect(await isGoneWithin(Number.parseInt(pid, 10), 60_000)).toBe(true);
  await untilGone(path.dirname(folder));
  await expect(stat(folder)).rejects.toThrow('ENOENT');
});

async function untilGone(folder: string): Promise<void> {
  while (await stat(folder).catch(() => undefined)) await new Promise((resolve) => setImmediate(resolve));
}
