import { newCredential } from '@signalbox/db/credential-text';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture } from './fixture.ts';
import { Subscriber } from './subscriber.ts';

const MOST = 5;

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture({
    auth: { mode: 'token', requestsPerMinute: MOST, introspection: false, graphiql: false, trustedProxies: 1 },
  });
});
afterAll(() => api.close());

/** As a proxy passes it on. */
function ask(token: string, address: string, query = '{ viewer { name } }'): Promise<Response> {
  return fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${token}`,
      'X-Forwarded-For': `9.9.9.9, ${address}`,
    },
    body: JSON.stringify({ query }),
  });
}

test('one token has so many operations in a minute, and then hears when to come back; another has its own', async () => {
  const token = await api.newToken('READ');
  for (let count = 0; count < MOST; count += 1) expect((await ask(token, '10.0.0.1')).status).toBe(200);
  const refused = await ask(token, '10.0.0.1');
  expect(refused.status).toBe(429);
  const seconds = Number(refused.headers.get('retry-after'));
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(60);
  expect(await refused.json()).toEqual({
    errors: [
      {
        message: `At most ${MOST} operations may be sent in a minute. Try again in ${seconds} seconds.`,
        extensions: { code: 'RATE_LIMITED', retryAfter: seconds },
      },
    ],
  });
  expect((await ask(await api.newToken('READ'), '10.0.0.1')).status).toBe(200);
});

test('operations on a WebSocket count too', async () => {
  const token = await api.newToken('READ');
  for (let count = 1; count < MOST; count += 1) await ask(token, '10.0.0.1');
  const watcher = new Subscriber(
    api.wsUrl,
    'subscription { jobUpdated { cursor } }',
    {},
    { authorization: `Bearer ${token}` },
  );
  expect(await watcher.refusal().catch((error: unknown) => error)).toMatchObject([
    { extensions: { code: 'RATE_LIMITED' } },
  ]);
  await watcher.close();
});

test('an address that sends tokens that never existed is held off, while tokens in use go on, and other addresses', async () => {
  const token = await api.newToken('READ');
  expect((await ask(token, '10.0.0.2')).status).toBe(200);
  for (let count = 0; count < 20; count += 1) expect((await ask(newCredential('api'), '10.0.0.2')).status).toBe(401);
  const refused = await ask(newCredential('api'), '10.0.0.2');
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  expect((await ask(token, '10.0.0.2')).status).toBe(200);
  expect((await ask(newCredential('api'), '10.0.0.3')).status).toBe(401);
  // Who it is has to be looked up anew, as after a while.
  api.services.access.revoked();
  expect((await ask(token, '10.0.0.2')).status).toBe(200);
});

test('the schema and GraphiQL are hidden where the settings say so', async () => {
  const token = await api.newToken('ADMIN');
  const answer = await ask(token, '10.0.0.1', '{ __type(name: "Job") { name } }');
  expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
  const page = await fetch(`${api.url}/graphql`, { headers: { Accept: 'text/html' } });
  expect([page.status, page.headers.get('content-type')]).toEqual([401, 'application/json; charset=utf-8']);
});
