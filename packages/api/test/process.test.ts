import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../prisma/test/database.ts';
import { DEMO, postQuery } from './fixture.ts';
import { Subscriber } from './subscriber.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

let database: TestDatabase;
let folder: string;
const children: ChildProcess[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'signalbox-process-'));
  await writeFile(path.join(folder, 'demo.yaml'), DEMO);
  await writeFile(path.join(folder, 'bad.yaml'), 'slug: bad\nsteps: 7\n');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

interface Started {
  child: ChildProcess;
  ready: Promise<string>;
  ended: Promise<{ code: number | null; stderr: string }>;
}

/** What Node has compiled is kept from one start to the next. */
function compileCache(): NodeJS.ProcessEnv {
  const { NODE_COMPILE_CACHE } = process.env;
  return NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
}

function start(env: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...compileCache(),
      PATH: process.env.PATH,
      PORT: '0',
      DATABASE_URL: database.url,
      SIGNALBOX_WORKFLOWS_DIR: folder,
      ...env,
    },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  children.push(child);
  // Not the event 'close', which never comes once the channel was disconnected from here.
  const ended = Promise.all([once(child, 'exit'), text(child.stderr ?? Readable.from([]))]).then(
    ([[code], stderr]) => ({ code: code as number | null, stderr }),
  );
  const ready = Promise.race([
    once(child, 'message').then(([message]) => {
      expect(message).toEqual({ type: 'ready', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
      return (message as { url: string }).url;
    }),
    ended.then((end) => Promise.reject(new Error(`ended instead of getting ready: ${JSON.stringify(end)}`))),
  ]);
  ready.catch(() => undefined);
  return { child, ready, ended };
}

test('it says when it is ready, has loaded the workflows, warns of the malformed one, and stops cleanly on SIGTERM', async () => {
  const { child, ready, ended } = start();
  const url = await ready;
  const { data } = await postQuery(url, '{ workflows { edges { node { slug } } } }');
  expect(data).toEqual({ workflows: { edges: [{ node: { slug: 'demo' } }] } });
  const subscriber = new Subscriber(
    `${url.replace('http', 'ws')}/graphql`,
    'subscription { jobUpdated { cursor } }',
    {},
  );
  const quiet = subscriber.next().catch(() => undefined);
  await postQuery(url, '{ jobCounts { status } }');
  child.kill('SIGTERM');
  expect((await subscriber.closed).code).toBe(1001);
  await quiet;
  const { code, stderr } = await ended;
  expect(code).toBe(0);
  expect(stderr.split('\n').filter((line) => line.includes('bad.yaml'))).toEqual([
    expect.stringMatching(/bad\.yaml:2:8: /),
  ]);
});

test('it stops when whoever started it has gone', async () => {
  const { child, ready, ended } = start();
  await ready;
  child.disconnect();
  expect((await ended).code).toBe(0);
});

test('a port in use is one clear line and exit 78', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const { code, stderr } = await start({ PORT: String(port) }).ended;
  other.close();
  expect(code).toBe(78);
  expect(linesOf(stderr)).toEqual([
    `PORT: ${port} on 127.0.0.1 is in use. Stop the other program, or set PORT to a free one.`,
  ]);
});

test.each<[string, Record<string, string>, number, RegExp]>([
  ['a bad value', { PORT: 'many' }, 78, /^PORT: /],
  ['an unknown setting', { SIGNALBOX_DATADIR: 'x' }, 78, /^SIGNALBOX_DATADIR: .*SIGNALBOX_DATA_DIR/],
  ['no database', { DATABASE_URL: '' }, 78, /^DATABASE_URL: /],
  [
    'a database that does not listen',
    { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x' },
    69,
    /^DATABASE_URL: .*ECONNREFUSED/,
  ],
  ['an address that others could reach', { HOST: '0.0.0.0' }, 78, /^HOST: /],
])('%s is one clear line and its exit code', async (_what, env, expected, line) => {
  const { code, stderr } = await start(env).ended;
  expect(linesOf(stderr)).toEqual([expect.stringMatching(line)]);
  expect(code).toBe(expected);
});

test('a database that was never migrated is one clear line', async () => {
  const empty = await createTestDatabase({ empty: true });
  const { code, stderr } = await start({ DATABASE_URL: empty.url }).ended;
  await empty.drop();
  expect(linesOf(stderr)).toEqual([expect.stringContaining('has no Signalbox tables')]);
  expect(code).toBe(78);
});

/** Without the warnings of workflow files, which are not what these tests are about. */
function linesOf(stderr: string): string[] {
  return stderr.split('\n').filter((line) => line !== '' && !line.includes('.yaml'));
}
