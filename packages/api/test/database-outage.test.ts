import { afterAll, beforeAll, expect, test } from 'vitest';
import { CuttableProxy } from './cuttable-proxy.ts';
import { type ApiFixture, createApiFixture } from './fixture.ts';
import { Subscriber } from './subscriber.ts';

let proxy: CuttableProxy;
let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture({
    through: async (databaseUrl) => {
      proxy = new CuttableProxy(databaseUrl);
      await proxy.open();
      return proxy.url;
    },
  });
});
afterAll(async () => {
  await api.close();
  await proxy.cut();
});

const health = async (path: string) => {
  const response = await fetch(`${api.url}${path}`);
  return [response.status, await response.json()];
};

test('while the database is away the service says so with 503, and a live subscriber hears what happened once it is back', async () => {
  const id = await api.newJob();
  const subscriber = new Subscriber<{ jobUpdated: { job: { status: string } } }>(
    api.wsUrl,
    'subscription ($id: ID!) { jobUpdated(id: $id) { job { status } } }',
    { id },
  );
  expect((await subscriber.next()).jobUpdated.job.status).toBe('QUEUED');

  await proxy.cut();
  expect(await health('/readyz')).toEqual([503, { status: 'unavailable', reason: 'The database does not answer.' }]);
  expect(await health('/healthz')).toEqual([200, { status: 'ok' }]);
  for (const query of ['{ workers { id } }', `{ job(id: "${id}") { status } }`, '{ jobs { totalCount } }']) {
    const { status, errors } = await api.query(query);
    expect(status).toBe(503);
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('cannot reach its database now'),
      extensions: { code: 'UNAVAILABLE' },
    });
  }
  // Somebody else goes on working meanwhile.
  await api.worker.claim(id);

  await proxy.open();
  expect((await subscriber.next()).jobUpdated.job.status).toBe('RUNNING');
  await expect.poll(() => health('/readyz')).toEqual([200, { status: 'ok' }]);
  expect((await api.query(`{ job(id: "${id}") { status } }`)).data).toEqual({ job: { status: 'RUNNING' } });
  await subscriber.close();
});
