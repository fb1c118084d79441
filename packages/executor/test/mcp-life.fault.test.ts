/** MCP servers that live elsewhere, or longer than they should. */
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { listToolServers } from '@signalbox/db/tools';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXECUTOR_MARK } from '../src/mcp-orphans.ts';
import { valuesOf } from '../src/process-table.ts';
import { callTool, everything, mcpServers, serveEverything } from './mcp-stage.ts';
import { openProcessStage, type ProcessStage } from './process-stage.ts';
import { isAlive } from './processes.ts';
import { until } from './stage.ts';

let stage: ProcessStage;
beforeAll(async () => {
  stage = await openProcessStage();
});
afterAll(() => stage.close());

const echo = async () => stage.settled(await stage.queue([callTool('mcp:all/echo', { message: 'hi' })]), 30_000);
/** The ids of the servers that an executor has started. */
const startedBy = async (pid: number) =>
  [...(await valuesOf(EXECUTOR_MARK))].flatMap(([value, ids]) => (value.startsWith(`${pid}-`) ? ids : []));
const readyOn = (worker: string) =>
  until(
    `the servers of ${worker} are ready`,
    () => listToolServers(stage.db, DEFAULT_TENANT_ID, 60),
    (list) => list.some(({ status, workerName }) => workerName === worker && status === 'READY'),
  );

test('a server over HTTP is called with its headers, and found again after it was away', {
  timeout: 120_000,
}, async () => {
  const server = await serveEverything();
  const headers = { Authorization: 'Bearer ${secrets.KEY}' };
  const executor = await stage.start('http', {
    SIGNALBOX_LEASE_SECONDS: '30',
    SIGNALBOX_SECRET_KEY: 'very-secret-key',
    ...mcpServers({ all: { type: 'http', url: server.url, headers } }),
  });
  const answered = { error: null, status: 'COMPLETED' };
  expect(await echo()).toMatchObject(answered);
  await server.stop();
  expect(await echo()).toMatchObject({ status: 'FAILED', category: 'NETWORK' });
  await serveEverything(server.port);
  // A new server knows nothing of the old session.
  expect(await echo()).toMatchObject(answered);
  executor.signal('SIGTERM');
  await executor.exited;
});

test('servers end with their executor, also when it is killed, and when they do not want to', {
  timeout: 120_000,
}, async () => {
  const deaf = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); import(${JSON.stringify(everything.args[0])})`;
  const servers = mcpServers({ all: { command: process.execPath, args: ['--input-type=module', '-e', deaf] } });
  const polite = await stage.start('polite', servers);
  await readyOn('polite');
  const ended = await startedBy(polite.pid);
  expect(ended).toHaveLength(1);
  polite.signal('SIGTERM');
  await polite.exited;
  expect(ended.filter(isAlive)).toEqual([]);

  const killed = await stage.start('killed', servers);
  await readyOn('killed');
  const orphans = await startedBy(killed.pid);
  expect(orphans).toHaveLength(1);
  killed.signal('SIGKILL');
  await killed.exited;
  await stage.start('next');
  await until(
    'the orphans are gone',
    () => orphans.filter(isAlive),
    (alive) => alive.length === 0,
  );
});
