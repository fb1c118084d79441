import { once } from 'node:events';
import { revokeApiToken } from '@signalbox/db/api-tokens';
import { createTenant } from '@signalbox/db/tenants';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { CookieBrowser } from './cookie-browser.ts';
import { type ApiFixture, createApiFixture, TENANT } from './fixture.ts';
import { type OidcServer, startOidcServer } from './oidc-server.ts';

let api: ApiFixture;
let provider: OidcServer;
let browser: CookieBrowser;

beforeAll(async () => {
  provider = await startOidcServer();
  api = await createApiFixture({
    allowedOrigins: ['https://app.example'],
    auth: {
      mode: 'oidc',
      oidc: {
        issuer: provider.issuer,
        clientId: provider.clientId,
        clientSecret: provider.clientSecret,
        name: 'Example',
        scope: 'openid profile',
        tenantClaim: 'org',
        roleClaim: 'groups',
        roles: new Map([
          ['everybody', 'read'],
          ['platform', 'admin'],
        ]),
      },
    },
  });
  provider.serve(`${api.url}/auth/oidc/callback`);
  await createTenant(api.services.db, 'acme', 'Acme');
});
afterAll(async () => {
  await api.close();
  await provider.close();
});
beforeEach(() => {
  browser = new CookieBrowser();
});

const VIEWER = '{ viewer { name scopes signedInBy tenant { slug } } }';

async function signIn(token: string, headers: Record<string, string> = {}): Promise<Response> {
  return browser.request(`${api.url}/auth/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ token }),
  });
}

async function ask(source: string, by = browser): Promise<{ status: number; data?: unknown; cookies: string[] }> {
  const response = await by.request(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query: source }),
  });
  const { data } = (await response.json()) as { data?: unknown };
  return { status: response.status, data, cookies: response.headers.getSetCookie() };
}

function openSocket(cookie: string): WebSocket {
  const socket = new WebSocket(api.wsUrl, 'graphql-transport-ws', { headers: { Cookie: cookie } });
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init' })));
  return socket;
}

test('whoever asks hears how one can sign in', async () => {
  const response = await fetch(`${api.url}/auth/methods`);
  expect(await response.json()).toEqual({ required: true, oidc: { name: 'Example' } });
});

describe('a session that was made with a token', () => {
  test('is the same viewer with the same rights, on HTTP and on a WebSocket', async () => {
    expect((await signIn(await api.newToken('OPERATE', { name: 'ada' }))).status).toBe(204);
    expect((await ask(VIEWER)).data).toEqual({
      viewer: { name: 'ada', scopes: ['READ', 'OPERATE'], signedInBy: 'SESSION', tenant: { slug: 'default' } },
    });
    const socket = openSocket(browser.cookiesFor(new URL(api.url)));
    const [message] = await once(socket, 'message');
    expect(JSON.parse(String(message))).toEqual({ type: 'connection_ack' });
    socket.close();
  });

  test('is a cookie that no script reads and no other site sends, and that encryption keeps to itself', async () => {
    const token = await api.newToken('READ');
    const [plain = ''] = (await signIn(token)).headers.getSetCookie();
    expect(plain).toMatch(/^signalbox_session=sbx_web_\w{49}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
    expect(plain).not.toContain(token.slice(8));
    const [encrypted = ''] = (await signIn(token, { Origin: 'https://app.example' })).headers.getSetCookie();
    expect(encrypted).toMatch(/^__Host-signalbox_session=sbx_web_\w{49}; Path=\/; .*HttpOnly; Secure; SameSite=Lax$/);
  });

  test('is of no use to pages of other sites', async () => {
    await signIn(await api.newToken('ADMIN'));
    const from = { Origin: 'https://evil.example' };
    const signOut = await browser.request(`${api.url}/auth/session`, { method: 'DELETE', headers: from });
    const changed = await browser.request(`${api.url}/graphql`, {
      method: 'POST',
      headers: { ...from, 'Content-Type': 'application/json' },
      body: JSON.stringify({ query: 'mutation { deleteJobs(ids: []) { done } }' }),
    });
    expect([signOut.status, changed.status]).toEqual([403, 403]);
    expect((await ask(VIEWER)).status).toBe(200);
  });

  test('is refused where the token is wrong, and where the request is no JSON', async () => {
    expect((await signIn('sbx_api_wrong')).status).toBe(401);
    expect((await signIn(await api.newToken('READ'), { 'Content-Type': 'text/plain' })).status).toBe(400);
    expect((await ask(VIEWER)).status).toBe(401);
  });

  test('ends when somebody signs out, and its sockets with it', async () => {
    await signIn(await api.newToken('READ'));
    const cookie = browser.cookiesFor(new URL(api.url));
    const socket = openSocket(cookie);
    await once(socket, 'message');
    const closed = once(socket, 'close');
    expect((await browser.request(`${api.url}/auth/session`, { method: 'DELETE' })).status).toBe(204);
    expect((await closed)[0]).toBe(4401);
    expect(browser.cookiesFor(new URL(api.url))).toBe('');
    const stolen = await fetch(`${api.url}/graphql?query={viewer{name}}`, { headers: { Cookie: cookie } });
    expect(stolen.status).toBe(401);
  });

  test('ends in every browser at once when that is asked for', async () => {
    const token = await api.newToken('READ');
    await signIn(token);
    const first = browser;
    browser = new CookieBrowser();
    await signIn(token);
    expect((await ask(VIEWER, first)).status).toBe(200);
    await browser.request(`${api.url}/auth/session?everywhere`, { method: 'DELETE' });
    expect((await ask(VIEWER, first)).status).toBe(401);
  });

  test('ends with its token', async () => {
    const token = await api.newToken('READ', { name: 'to be revoked' });
    await signIn(token);
    const { rows } = await api.services.db.pool.query<{ id: string }>(
      `SELECT id FROM api_token WHERE name = 'to be revoked'`,
    );
    await revokeApiToken(api.services.db, TENANT, rows[0]?.id ?? '', 'test');
    expect((await ask(VIEWER)).status).toBe(401);
  });

  test('gets another text after an hour, while the old one counts for requests under way', async () => {
    await signIn(await api.newToken('READ'));
    const old = browser.cookiesFor(new URL(api.url));
    await api.services.db.pool.query(`UPDATE web_session SET rotated_at = now() - interval '61 minutes'`);
    const { cookies, status } = await ask(VIEWER);
    expect({ status, cookies }).toEqual({
      status: 200,
      cookies: [expect.stringContaining('signalbox_session=sbx_web_')],
    });
    expect(browser.cookiesFor(new URL(api.url))).not.toBe(old);
    expect((await ask(VIEWER)).cookies).toEqual([]);
    const late = () => fetch(`${api.url}/graphql?query={viewer{name}}`, { headers: { Cookie: old } });
    expect((await late()).status).toBe(200);
    await api.services.db.pool.query(`UPDATE web_session SET rotated_at = now() - interval '6 minutes'`);
    api.services.access.revoked();
    expect((await late()).status).toBe(401);
  });
});

describe('a session of an OpenID provider', () => {
  const begin = (to = '/jobs?status=FAILED') => browser.open(`${api.url}/auth/oidc?to=${encodeURIComponent(to)}`);

  test('is the person with the rights and the tenant that the claims give, on the page that was asked for', async () => {
    provider.person = { id: 'ada', claims: { name: 'Ada Lovelace', groups: ['everybody', 'platform'], org: 'acme' } };
    const { url } = await begin();
    expect(url.pathname + url.search).toBe('/jobs?status=FAILED');
    expect((await ask(VIEWER)).data).toEqual({
      viewer: {
        name: 'Ada Lovelace',
        scopes: ['READ', 'OPERATE', 'ADMIN'],
        signedInBy: 'OIDC',
        tenant: { slug: 'acme' },
      },
    });
  });

  test('has its own saved views, whatever others call themselves, and keeps them under another name', async () => {
    const signedInAs = async (id: string, name: string) => {
      browser = new CookieBrowser();
      provider.person = { id, claims: { name, groups: ['everybody', 'platform'], org: 'acme' } };
      await begin();
    };
    const views = async () => (await ask('{ savedViews { name owner mine } }')).data;
    await signedInAs('ada', 'Ada');
    await ask('mutation { saveView(name: "Mine") { __typename } }');
    await signedInAs('another', 'Ada');
    expect(await views()).toEqual({ savedViews: [] });
    await signedInAs('ada', 'Countess Lovelace');
    expect(await views()).toEqual({ savedViews: [{ name: 'Mine', owner: 'Ada', mine: true }] });
  });

  test('leads to no other site afterwards', async () => {
    provider.person = { id: 'ada', claims: { groups: 'everybody', org: 'acme' } };
    for (const to of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
      browser = new CookieBrowser();
      expect((await begin(to)).url.host).toBe(new URL(api.url).host);
    }
  });

  test.each([
    ['role', { id: 'bob', claims: { groups: ['strangers'], org: 'acme' } }],
    ['tenant', { id: 'bob', claims: { groups: ['everybody'], org: 'nobody' } }],
    ['denied', undefined],
  ])('is not made, and the login page says why: %s', async (problem, person) => {
    provider.person = person;
    const { url } = await begin();
    expect(Object.fromEntries(url.searchParams)).toEqual({ problem, to: '/jobs?status=FAILED' });
    expect(url.pathname).toBe('/login');
    expect((await ask(VIEWER)).status).toBe(401);
  });

  test('is not made with the answer of a sign-in that another browser began, nor with the same answer twice', async () => {
    provider.person = { id: 'ada', claims: { groups: 'everybody', org: 'acme' } };
    let url = new URL(`${api.url}/auth/oidc`);
    while (url.pathname !== '/auth/oidc/callback') {
      url = new URL((await browser.request(url)).headers.get('location') ?? '', url);
    }
    const stranger = new CookieBrowser();
    expect((await stranger.open(url)).url.searchParams.get('problem')).toBe('expired');
    const forged = new URL(url);
    forged.searchParams.set('state', 'another');
    expect((await browser.open(forged)).url.searchParams.get('problem')).toBe('provider');
    expect((await browser.open(url)).url.searchParams.get('problem')).toBe('expired');
    expect((await ask(VIEWER)).status).toBe(401);
  });
});
