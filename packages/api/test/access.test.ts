import { revokeApiToken } from '@signalbox/db/api-tokens';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture, TENANT } from './fixture.ts';
import { Subscriber } from './subscriber.ts';

let api: ApiFixture;
let admin: string;
beforeAll(async () => {
  api = await createApiFixture({ auth: { mode: 'token' } });
  admin = await api.newToken('ADMIN', { name: 'root' });
});
afterAll(() => api.close());

const VIEWER = '{ viewer { name scopes signedInBy expiresAt tenant { slug name } } }';
const CREATE = `mutation ($name: String!, $scope: AccessScope!, $expiresAt: DateTime) {
  createApiToken(name: $name, scope: $scope, expiresAt: $expiresAt) {
    __typename
    ... on CreatedApiToken { text token { id name prefix scope createdBy expiresAt lastUsedAt revokedAt } }
    ... on InvalidInput { issues { path message } }
    ... on Error { message code }
  }
}`;
const REVOKE = `mutation ($id: ID!) {
  revokeApiToken(id: $id) { __typename ... on ApiToken { id revokedAt revokedBy } ... on Error { message code } }
}`;
const WATCH = 'subscription ($id: ID) { jobUpdated(id: $id) { job { id status } } }';

interface Created {
  text: string;
  token: { id: string; prefix: string };
}

async function create(variables: object): Promise<Created> {
  return (await api.queryAs<{ createApiToken: Created }>(admin, CREATE, variables)).data.createApiToken;
}

/** A stream of server-sent events by the bearer of a token: each event's data, until it ends. */
async function* eventsAs(token: string, query: string, variables?: object): AsyncGenerator<unknown> {
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  let text = '';
  for await (const chunk of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = /^data: ?(.+)$/m.exec(text.slice(0, end))?.[1];
      text = text.slice(end + 2);
      if (data) yield JSON.parse(data);
    }
  }
}

describe('without anything to show', () => {
  test('an operation is answered with 401 and UNAUTHENTICATED, and the answer says what to send', async () => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query: VIEWER }),
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="signalbox"');
    expect(await response.json()).toEqual({
      errors: [{ message: expect.stringContaining('Authorization: Bearer'), extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  test.each(['/graphql?query={viewer{name}}', '/artifacts/00000000-0000-7000-8000-00000000000a'])(
    'GET %s is answered with 401',
    async (path) => {
      expect((await fetch(api.url + path)).status).toBe(401);
    },
  );

  test('what monitors ask for is served', async () => {
    expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${api.url}/readyz`)).status).toBe(200);
  });

  test.each([
    ['nothing', undefined],
    ['a token that was cut', 'Bearer sbx_api_123'],
    ['another scheme', 'Basic cm9vdDpyb290'],
  ])('a WebSocket with %s is closed with 4401', async (_what, authorization) => {
    const watcher = new Subscriber(api.wsUrl, WATCH, {}, { authorization });
    await expect(watcher.next()).rejects.toMatchObject({ code: 4401, reason: expect.stringMatching(/token/i) });
    await watcher.close();
  });
});

describe('an API token', () => {
  test('is who it is named, with its rights, on HTTP, as server-sent events and on a WebSocket', async () => {
    const token = await api.newToken('OPERATE', { name: 'deployer' });
    expect((await api.queryAs(token, VIEWER)).data).toEqual({
      viewer: {
        name: 'deployer',
        scopes: ['READ', 'OPERATE'],
        signedInBy: 'TOKEN',
        expiresAt: null,
        tenant: { slug: 'default', name: expect.any(String) },
      },
    });
    const id = await api.newJob({ start: false });
    const first = { jobUpdated: { job: { id, status: 'CREATED' } } };
    const watcher = new Subscriber(api.wsUrl, WATCH, { id }, { authorization: `Bearer ${token}` });
    expect(await watcher.next()).toEqual(first);
    await watcher.close();
    const events = eventsAs(token, WATCH, { id });
    expect((await events.next()).value).toEqual({ data: first });
    await events.return(undefined);
  });

  test('is shown once, and only its SHA-256 is kept', async () => {
    const { text, token } = await create({ name: ' reader ', scope: 'READ', expiresAt: '2999-01-01T00:00:00.000Z' });
    expect(text).toMatch(/^sbx_api_[0-9A-Za-z]{49}$/);
    expect(token).toEqual({
      id: expect.any(String),
      name: 'reader',
      prefix: text.slice(0, 14),
      scope: 'READ',
      createdBy: 'root',
      expiresAt: '2999-01-01T00:00:00.000Z',
      lastUsedAt: null,
      revokedAt: null,
    });
    const { rows } = await api.services.db.pool.query('SELECT t::text AS row FROM api_token t');
    expect(JSON.stringify(rows)).not.toContain(text.slice(14));
    expect((await api.queryAs<{ viewer: object }>(text, VIEWER)).data.viewer).toMatchObject({ scopes: ['READ'] });
  });

  test('notes that it was used, in a list whose pages hang together', async () => {
    const { text, token } = await create({ name: 'used', scope: 'READ' });
    await api.queryAs(text, VIEWER);
    const list =
      '{ apiTokens(first: 1) { totalCount pageInfo { hasNextPage endCursor } edges { node { id lastUsedAt } } } }';
    type List = {
      apiTokens: { pageInfo: { endCursor: string }; edges: { node: { id: string; lastUsedAt: string } }[] };
    };
    await expect
      .poll(async () => (await api.queryAs<List>(admin, list)).data.apiTokens.edges[0]?.node)
      .toEqual({ id: token.id, lastUsedAt: expect.any(String) });
    const { data } = await api.queryAs<List>(admin, list);
    const more = 'query ($after: String) { apiTokens(after: $after) { edges { node { id } } } }';
    const rest = await api.queryAs<List>(admin, more, { after: data.apiTokens.pageInfo.endCursor });
    expect(rest.data.apiTokens.edges.map(({ node }) => node.id)).not.toContain(token.id);
    expect(rest.data.apiTokens.edges.length).toBeGreaterThan(0);
  });

  test('needs a name and a time in the future', async () => {
    const answer = await api.queryAs(admin, CREATE, { name: ' ', scope: 'READ', expiresAt: '2001-01-01T00:00:00Z' });
    expect(answer.data).toMatchObject({
      createApiToken: { __typename: 'InvalidInput', issues: [{ path: '/name' }, { path: '/expiresAt' }] },
    });
  });

  test('is made and listed by admins only', async () => {
    const operator = await api.newToken('OPERATE');
    const answer = await api.queryAs(operator, CREATE, { name: 'mine', scope: 'ADMIN' });
    expect(answer.data).toMatchObject({ createApiToken: { __typename: 'Forbidden', code: 'FORBIDDEN' } });
    expect((await api.queryAs(operator, '{ apiTokens { totalCount } }')).errors?.[0]?.extensions.code).toBe(
      'FORBIDDEN',
    );
  });

  test('that has expired counts no more', async () => {
    const token = await api.newToken('ADMIN', { expiresAt: new Date(Date.now() - 1) });
    const { errors, status } = await api.queryAs(token, VIEWER);
    expect({ status, message: errors?.[0]?.message }).toEqual({ status: 401, message: 'The API token has expired.' });
  });

  test('that was revoked is refused from the next request on, and revoking again changes nothing', async () => {
    const { text, token } = await create({ name: 'leaked', scope: 'ADMIN' });
    await api.queryAs(text, VIEWER);
    const revoked = await api.queryAs(admin, REVOKE, { id: token.id });
    expect(revoked.data).toEqual({
      revokeApiToken: { __typename: 'ApiToken', id: token.id, revokedAt: expect.any(String), revokedBy: 'root' },
    });
    const { errors, status } = await api.queryAs(text, VIEWER);
    expect(status).toBe(401);
    expect(errors?.[0]?.message).toBe(`The API token ${token.prefix}… was revoked.`);
    expect((await api.queryAs(admin, REVOKE, { id: token.id })).data).toEqual(revoked.data);
    const unknown = await api.queryAs(admin, REVOKE, { id: 'nothing' });
    expect(unknown.data).toMatchObject({ revokeApiToken: { __typename: 'NotFound' } });
  });
});

describe('a stream whose token is revoked', () => {
  test('ends on a WebSocket with 4401, also when another process revoked it', async () => {
    const { text, token } = await create({ name: 'watcher', scope: 'READ' });
    const id = await api.newJob({ start: false });
    const watcher = new Subscriber(api.wsUrl, WATCH, { id }, { authorization: `Bearer ${text}` });
    await watcher.next();
    await revokeApiToken(api.services.db, TENANT, token.id, 'another process');
    await expect(watcher.next()).rejects.toMatchObject({ code: 4401, reason: expect.stringContaining('revoked') });
    expect(await watcher.closed).toMatchObject({ code: 4401 });
    await watcher.close();
  });

  test('ends as server-sent events with a last one that says so', async () => {
    const { text, token } = await create({ name: 'watcher', scope: 'READ' });
    const id = await api.newJob({ start: false });
    const events = eventsAs(text, WATCH, { id });
    await events.next();
    await api.queryAs(admin, REVOKE, { id: token.id });
    expect((await events.next()).value).toEqual({
      errors: [{ message: expect.stringContaining('revoked'), extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect((await events.next()).done).toBe(true);
  });

  test('ends when the token expires while it is read', async () => {
    const { text, token } = await create({ name: 'short', scope: 'READ' });
    const id = await api.newJob({ start: false });
    const watcher = new Subscriber(api.wsUrl, WATCH, { id }, { authorization: `Bearer ${text}` });
    await watcher.next();
    await api.services.db.pool.query('UPDATE api_token SET expires_at = now() WHERE id = $1', [token.id]);
    await expect(watcher.next()).rejects.toMatchObject({ code: 4401 });
    await watcher.close();
  });
});
