import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../prisma/test/database.ts';
import { isGoneWithin, startOf } from '../src/process-identity.ts';

const FAKE_MACHINE = path.join(import.meta.dirname, 'programs/fake-machine.ts');
/** A service as ours are: says that it works, ends on a signal and when its parent is gone. */
const SERVICE = `
  console.log('{"level":30,"msg":"pid ' + process.pid + '"}');
  const end = () => { console.log('service ends'); process.exit(0); };
  process.on('SIGTERM', end); process.on('disconnect', end);
  process.send({ type: 'ready' });`;
const STUBBORN_SERVICE = `process.on('SIGTERM', () => {}); process.on('SIGINT', () => {}); setInterval(() => {}, 1000); process.send({ type: 'ready' })`;
const API = `
  require('node:http').createServer((request, response) => response.end()).listen(process.env.PORT, '127.0.0.1', function () {
    process.send({ type: 'ready', url: 'http://127.0.0.1:' + this.address().port });
  });
  process.on('SIGTERM', () => process.exit(0));`;

let shared: TestDatabase;
let dataDir: string;
const machines: ChildProcess[] = [];

beforeAll(async () => {
  shared = await createTestDatabase({ empty: true });
});

afterAll(() => shared.drop());

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'signalbox-machine-'));
});

afterEach(async () => {
  for (const machine of machines.splice(0)) {
    if (machine.exitCode !== null || machine.signalCode !== null) continue;
    machine.kill('SIGKILL');
    await once(machine, 'exit');
  }
  await rm(dataDir, { recursive: true, force: true });
});

/** A machine over the shared test database, or over one of its own when DATABASE_URL is set to undefined. */
function start(plan: object, env: Record<string, string | undefined> = {}) {
  const machine = fork(FAKE_MACHINE, [JSON.stringify(plan)], {
    env: { ...process.env, DATABASE_URL: shared.url, SIGNALBOX_DATA_DIR: dataDir, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  machines.push(machine);
  const lines: string[] = [];
  const waiting: { pattern: RegExp; found: (line: string) => void }[] = [];
  const readers = [machine.stdout, machine.stderr].flatMap((stream) => (stream ? [createInterface(stream)] : []));
  for (const reader of readers) {
    reader.on('line', (line) => {
      lines.push(line);
      for (const { pattern, found } of waiting) if (pattern.test(line)) found(line);
    });
  }
  const ended = Promise.all([once(machine, 'exit'), ...readers.map((reader) => once(reader, 'close'))]);
  const exited = ended.then(([[code]]) => ({ code, output: lines.join('\n') }));
  const line = (pattern: RegExp): Promise<string> => {
    const seen = lines.find((candidate) => pattern.test(candidate));
    if (seen !== undefined) return Promise.resolve(seen);
    const appears = new Promise<string>((found) => waiting.push({ pattern, found }));
    const ends = exited.then(({ output }) => Promise.reject(new Error(`ended without ${pattern}:\n${output}`)));
    return Promise.race([appears, ends]);
  };
  return { machine, line, exited };
}

test('one line says that all services are ready; a signal stops them and ends it with success', async () => {
  const { machine, line, exited } = start({ hasApi: true, services: { api: API, executor: SERVICE } });
  expect(await line(/^ready at/)).toMatch(/^ready at http:\/\/127\.0\.0\.1:\d+$/);
  machine.kill('SIGTERM');
  const { code, output } = await exited;
  expect(output).toContain('service ends');
  expect(code).toBe(0);
});

test('a Ctrl-C that arrives several times at once is one request, and the services stop in good order', async () => {
  const { machine, line, exited } = start({ services: { executor: SERVICE } });
  await line(/^ready at/);
  for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM'] as const) machine.kill(signal);
  const { code, output } = await exited;
  expect(output).toContain('service ends');
  expect(output).not.toContain('ending at once');
  expect(code).toBe(0);
});

test('whoever asks again after a while is not kept waiting', async () => {
  const { machine, line, exited } = start({ services: { executor: STUBBORN_SERVICE } });
  await line(/^ready at/);
  const impatience = setInterval(() => machine.kill('SIGINT'), 100);
  const { output } = await exited;
  clearInterval(impatience);
  expect(output).toContain('ending at once');
});

test('a service that dies is started again', async () => {
  const { line } = start({ services: { executor: SERVICE } });
  const pid = Number((await line(/pid \d+$/)).split(' ').at(-1));
  await line(/^ready at/);
  process.kill(pid, 'SIGKILL');
  expect(await line(/starting it again/)).toContain('the executor was ended by SIGKILL; starting it again in 0.25 s');
});

test('a service that refuses its settings ends everything with its exit code', async () => {
  const { exited } = start({ services: { executor: SERVICE, api: `console.error('PORT: wrong'); process.exit(78)` } });
  const { code, output } = await exited;
  expect(code).toBe(78);
  expect(output).toContain('PORT: wrong');
});

test('a service that never works ends everything instead of being started for ever', async () => {
  const { exited } = start({ services: { executor: `throw new Error('broken')` } });
  const { code, output } = await exited;
  expect(code).toBe(1);
  expect(output).toContain('The executor does not start. Its messages are above.');
});

test('when it is killed without a word its services end by themselves', async () => {
  const { machine, line } = start({ services: { executor: SERVICE } });
  const pid = Number((await line(/pid \d+$/)).split(' ').at(-1));
  await line(/^ready at/);
  machine.kill('SIGKILL');
  expect(await isGoneWithin(pid, 60_000)).toBe(true);
});

test('when whoever started it is gone it stops in good order', async () => {
  const { machine, line, exited } = start({ services: { executor: SERVICE } });
  await line(/^ready at/);
  machine.disconnect();
  expect(await exited).toMatchObject({ code: 0, output: expect.stringContaining('service ends') });
});

test('with a database of its own it refuses a second start on the folder, and takes the database along when it stops', async () => {
  const { machine, line, exited } = start({ services: { executor: SERVICE } }, { DATABASE_URL: undefined });
  await line(/^ready at/);
  const serverPid = Number.parseInt(await readFile(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8'), 10);
  const second = await start({ services: { executor: SERVICE } }, { DATABASE_URL: undefined }).exited;
  expect(second.code).toBe(1);
  expect(second.output).toContain(`Signalbox is already running on the data folder ${dataDir} (process ${machine.pid}`);
  machine.kill('SIGTERM');
  expect((await exited).code).toBe(0);
  expect(await startOf(serverPid)).toBeUndefined();
  expect(await readdir(dataDir)).toEqual(['postgres', 'postgres.log', 'secrets.key']);
});

test('a busy port is told before a database is made', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { code, output } = await start(
    { hasApi: true, services: { api: API } },
    { DATABASE_URL: undefined, PORT: String(port) },
  ).exited;
  other.close();
  expect(output).toBe(`Port ${port} is already in use on 127.0.0.1. Stop the other program or set PORT.`);
  expect(code).toBe(1);
  expect(await readdir(dataDir)).toEqual([]);
});

test.each([
  [
    'an unknown setting',
    { SIGNALBOX_CONCURENCY: '3' },
    'SIGNALBOX_CONCURENCY: there is no such setting. Did you mean "SIGNALBOX_CONCURRENCY"?',
    78,
  ],
  [
    'an unreachable database',
    { DATABASE_URL: 'postgres://me@127.0.0.1:9/jobs' },
    'Cannot reach the database jobs at 127.0.0.1:9 (ECONNREFUSED). Check DATABASE_URL',
    1,
  ],
])('%s is told in one line', async (_name, env, message, exitCode) => {
  const { code, output } = await start({ services: { executor: SERVICE } }, env).exited;
  expect(output.split('\n')).toEqual([expect.stringContaining(message)]);
  expect(code).toBe(exitCode);
});

test('an API or executor that runs alone wants to know its database', async () => {
  const plan = { needsSharedDatabase: true, services: { executor: SERVICE } };
  const { code, output } = await start(plan, { DATABASE_URL: undefined }).exited;
  expect(output).toContain('DATABASE_URL is not set');
  expect(code).toBe(78);
});
