import { newId } from '@signalbox/db/ids';
import { type AdvertisedPlugin, advertise } from '@signalbox/db/worker-plugins';
import { markWorkerStopped, registerWorker } from '@signalbox/db/workers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture, TENANT } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

const good: AdvertisedPlugin = {
  source: './shout.ts',
  name: 'signalbox-plugin-shout',
  version: '1.0.0',
  status: 'LOADED',
  problem: null,
  stepTypes: ['acme.shout'],
};
const bad: AdvertisedPlugin = {
  source: './broken.ts',
  name: './broken.ts',
  version: null,
  status: 'REFUSED',
  problem: 'it could not be loaded: no licence',
  stepTypes: [],
};
const shout = {
  type: 'acme.shout',
  title: 'Shout',
  description: 'Turns a text into capitals.',
  icon: 'speaker',
  plugin: good.name,
  pluginVersion: '1.0.0',
  configSchema: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } },
  outputSchema: null,
  repeatable: false,
};

const PLUGINS =
  '{ plugins { name version status problem stepTypes source workerName } stepTypes { type icon workers } }';

test('what workers say about their plugins is told, replaced by what they say later, and gone with the worker', async () => {
  const { db } = api.services;
  const id = newId();
  await registerWorker(db, {
    id,
    tenantId: TENANT,
    name: 'teller',
    queues: ['default'],
    concurrency: 1,
    criticalSlots: 0,
    version: '0.1.0',
    host: 'here',
    pid: 1,
    cpus: 1,
    stepTypes: [shout],
    plugins: [good, bad],
  });
  expect((await api.query(PLUGINS)).data).toEqual({
    plugins: [
      { ...bad, workerName: 'teller' },
      { ...good, workerName: 'teller' },
    ],
    stepTypes: [{ type: 'acme.shout', icon: 'speaker', workers: 1 }],
  });
  const save = (text: unknown) =>
    api.query('query ($source: String!) { validateWorkflow(source: $source) { issues { path line column } } }', {
      source: `slug: s\nsteps:\n  - key: a\n    type: acme.shout\n    with: { text: ${JSON.stringify(text)} }\n`,
    });
  expect((await save('hello')).data).toEqual({ validateWorkflow: { issues: [] } });
  expect((await save(7)).data).toEqual({
    validateWorkflow: { issues: [{ path: '/steps/0/with/text', line: 5, column: 13 }] },
  });

  await advertise(db, id, [], [{ ...bad, problem: 'still not' }]);
  expect((await api.query(PLUGINS)).data).toEqual({
    plugins: [{ ...bad, problem: 'still not', workerName: 'teller' }],
    stepTypes: [],
  });
  await markWorkerStopped(db, id);
  expect((await api.query(PLUGINS)).data).toEqual({ plugins: [], stepTypes: [] });
});
