import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { graphql, SignalboxClient } from '../src/client/client.ts';
import { type ApiFixture, createApiFixture } from './fixture.ts';

const COUNT = 'query Count($filter: JobFilter) { jobs(filter: $filter) { totalCount } }';
const WATCH = 'subscription Watch($id: ID) { jobUpdated(id: $id) { cursor job { id status } } }';
const OTHER_COUNT = 'query Count { jobs { totalCount __typename } }';
const OTHER_WATCH = 'subscription Watch { jobUpdated { cursor } }';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const byHash = (text: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(text) } } });

let folder: string;
let open: ApiFixture;
let closed: ApiFixture;
let guarded: ApiFixture;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'signalbox-operations-'));
  const list = Object.fromEntries([COUNT, WATCH].map((text) => [hashOf(text), text]));
  await writeFile(path.join(folder, 'operations.json'), JSON.stringify(list));
  [open, closed, guarded] = await Promise.all([
    createApiFixture({ webFolder: folder }),
    createApiFixture({ webFolder: folder, auth: { operations: 'persisted' } }),
    createApiFixture({ webFolder: folder, auth: { operations: 'persisted', mode: 'token' } }),
  ]);
});
afterAll(async () => {
  await Promise.all([open, closed, guarded].map((api) => api.close()));
  await rm(folder, { recursive: true, force: true });
});

interface Sent {
  query?: string;
  variables?: Record<string, unknown>;
  extensions?: Record<string, unknown>;
}

async function post(api: ApiFixture, sent: Sent, headers: Record<string, string> = {}) {
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(sent),
  });
  const text = await response.text();
  return { status: response.status, text, ...(text.startsWith('{') && JSON.parse(text)) };
}

/** What comes first over a WebSocket: a result, or the errors that refuse the operation. */
async function overSocket(api: ApiFixture, sent: Sent, token?: string): Promise<unknown> {
  const client = createClient({
    url: api.wsUrl,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(token !== undefined && { connectionParams: { authorization: `Bearer ${token}` } }),
  });
  try {
    const results = client.iterate({ ...sent, query: sent.query ?? '' });
    return (await results.next()).value;
  } catch (errors) {
    return { errors };
  } finally {
    await client.dispose();
  }
}

async function overSse(api: ApiFixture, sent: Sent): Promise<unknown> {
  const client = createSseClient({ url: `${api.url}/graphql`, retryAttempts: 0 });
  try {
    const results = client.iterate({ ...sent, query: sent.query ?? '' });
    return (await results.next()).value;
  } finally {
    client.dispose();
  }
}

const counted = (totalCount: number) => ({ data: { jobs: { totalCount } } });
const watched = (id: string) => ({ data: { jobUpdated: { job: { id, status: 'QUEUED' } } } });
const refused = (code: string) => ({ errors: [{ extensions: { code } }] });

describe.each([
  ['that takes anything', () => open],
  ['that takes only its list', () => closed],
])('a server %s', (_what, api) => {
  test('executes an operation of its list by its hash, with variables, over HTTP, SSE and WebSocket', async () => {
    const id = await api().newJob({ subject: 'by hash' });
    const count = { ...byHash(COUNT), variables: { filter: { subject: 'by hash' } } };
    const watch = { ...byHash(WATCH), variables: { id } };
    expect(await post(api(), count)).toMatchObject({ status: 200, ...counted(1) });
    expect(await overSocket(api(), count)).toMatchObject(counted(1));
    expect(await overSse(api(), watch)).toMatchObject(watched(id));
    expect(await overSocket(api(), watch)).toMatchObject(watched(id));
    const { persistedQuery } = count.extensions;
    const query = new URLSearchParams({ extensions: JSON.stringify({ persistedQuery }) });
    const got = await fetch(`${api().url}/graphql?${query}`);
    expect(await got.json()).toMatchObject({ data: { jobs: {} } });
  });

  test('answers REST as ever', async () => {
    expect((await fetch(`${api().url}/api/v1/jobs?first=1`)).status).toBe(200);
  });
});

describe('a server that takes anything', () => {
  test('takes any text, and says of a hash it does not know the words by which clients send the text', async () => {
    expect(await post(open, { query: OTHER_COUNT })).toMatchObject({ status: 200 });
    const missed = {
      errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    };
    expect(await post(open, byHash(OTHER_COUNT))).toMatchObject(missed);
    expect(await overSocket(open, byHash(OTHER_WATCH))).toMatchObject(missed);
    expect(await post(open, { query: OTHER_COUNT, ...byHash(OTHER_COUNT) })).toMatchObject({ status: 200 });
  });
});

describe('a server that takes only its list', () => {
  test('executes the text of a listed operation too, and no other, whatever its name or hash', async () => {
    expect(await post(closed, { query: COUNT })).toMatchObject({ status: 200 });
    const sent = [{ query: OTHER_COUNT }, byHash(OTHER_COUNT), { query: OTHER_COUNT, ...byHash(COUNT) }, {}];
    for (const each of sent) {
      expect(await post(closed, each)).toMatchObject({ status: 400, ...refused('OPERATION_NOT_LISTED') });
      expect(await overSocket(closed, each)).toMatchObject(refused('OPERATION_NOT_LISTED'));
    }
    const watch = [{ query: OTHER_WATCH }, byHash(OTHER_WATCH)];
    for (const each of watch) {
      const answer = await post(closed, each, { Accept: 'text/event-stream' });
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('"code":"OPERATION_NOT_LISTED"');
      expect(await overSocket(closed, each)).toMatchObject(refused('OPERATION_NOT_LISTED'));
    }
    expect((await post(closed, { query: '{ __schema { types { name } } }' })).errors[0].message).toContain(
      'set SIGNALBOX_OPERATIONS=any',
    );
  });

  test('serves every method of the client, live ones too, but no documents of its user', async () => {
    const signalbox = new SignalboxClient({ url: closed.url });
    try {
      const { id } = await signalbox.createJob({ workflow: 'demo', input: { repository: '.' } });
      for await (const { job } of signalbox.watchJob(id)) {
        expect(job?.status).toBe('QUEUED');
        break;
      }
      await signalbox.cancelJob(id);
      expect((await signalbox.waitForJob(id)).status).toBe('CANCELLED');
      expect((await signalbox.jobs({ first: 1 })).jobs).toHaveLength(1);
      const own = graphql('query Own { jobs { totalCount } }');
      await expect(signalbox.send(own, {})).rejects.toMatchObject({ code: 'OPERATION_NOT_LISTED' });
    } finally {
      await signalbox.close();
    }
  });

  test('executes anything for an API token with the scope admin, and for no other', async () => {
    const [admin, operator] = await Promise.all([guarded.newToken('ADMIN'), guarded.newToken('OPERATE')]);
    const sent = { query: OTHER_COUNT };
    expect(await post(guarded, sent, { Authorization: `Bearer ${admin}` })).toMatchObject({ status: 200 });
    expect(await post(guarded, sent, { Authorization: `Bearer ${operator}` })).toMatchObject(
      refused('OPERATION_NOT_LISTED'),
    );
    expect(await overSocket(guarded, sent, admin)).toMatchObject({ data: { jobs: { totalCount: 0 } } });
    expect(await overSocket(guarded, sent, operator)).toMatchObject(refused('OPERATION_NOT_LISTED'));
  });

  test('executes nothing else for a session of the web app, be it an admin’s', async () => {
    const signedIn = await fetch(`${guarded.url}/auth/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token: await guarded.newToken('ADMIN') }),
    });
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const ask = (sent: Sent) => post(guarded, sent, { Cookie: cookie });
    expect(await ask(byHash(COUNT))).toMatchObject(counted(0));
    expect(await ask({ query: OTHER_COUNT })).toMatchObject(refused('OPERATION_NOT_LISTED'));
  });
});
