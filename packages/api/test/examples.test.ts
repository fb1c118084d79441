import { readFile } from 'node:fs/promises';
import { newId } from '@signalbox/db/ids';
import { storeWait, waitWithHeldJob } from '@signalbox/db/waits';
import type { WorkflowVersionRow } from '@signalbox/db/workflows';
import { parse, validate } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Example, readExamples } from '../src/http/examples.ts';
import { schema } from '../src/schema.ts';
import { type ApiFixture, createApiFixture, TENANT } from './fixture.ts';
import { Subscriber } from './subscriber.ts';

const examples = await readExamples();

let api: ApiFixture;
let workflow: WorkflowVersionRow;
beforeAll(async () => {
  api = await createApiFixture({ secretsKeys: [Buffer.alloc(32, 7).toString('base64')] });
  await api.worker.register(TENANT, ['simulated', 'command']);
  workflow = await api.saveWorkflow(
    await readFile(new URL('../../../workflows/simulated-pipeline.yaml', import.meta.url), 'utf8'),
  );
});
afterAll(() => api.close());

const newJob = (start = true) => api.newJob({ workflow, input: { stageDuration: '1s', failureRate: 0 }, start });

/** Makes what an example speaks of, by the words it has in the place of the id. */
const MAKE: Record<string, () => Promise<string>> = {
  'a CREATED job': () => newJob(false),
  'a QUEUED job': () => newJob(),
  async 'a RUNNING job'() {
    const id = await newJob();
    await api.worker.claim(id);
    return id;
  },
  async 'a WAITING job'() {
    const id = await newJob();
    const { epoch, ...job } = await api.worker.claim(id);
    const held = { ...job, epoch };
    await api.worker.start(held, 'checkout');
    const lease = { jobId: id, epoch };
    const approval = { message: 'Go on?', form: null };
    const cost = { timeLeftMs: null, microUsd: '0', inputTokens: '0', outputTokens: '0' };
    const stepId = job.steps.find(({ key }) => key === 'checkout')?.id ?? '';
    await storeWait(api.services.db, lease, { stepId, attempt: 1, ...cost, kind: 'APPROVAL', until: null, approval });
    await waitWithHeldJob(api.services.db, lease, 0, []);
    return id;
  },
  async 'a COMPLETED job'() {
    const id = await newJob();
    await api.worker.finish(id);
    return id;
  },
  async 'a FAILED job'() {
    const id = await newJob();
    await api.worker.fail(id);
    return id;
  },
  'a saved view': () => idFrom('saveView', { name: `view ${newId()}` }),
  'an input template': () => idFrom('saveInputTemplate', { name: `template ${newId()}` }),
  async 'a schedule'() {
    const [query, { input }] = callOf('createSchedule', {});
    const named = { input: { ...Object(input), name: `schedule ${newId()}` } };
    const { data } = await api.query<{ createSchedule: { id: string } }>(query, named);
    return data.createSchedule.id;
  },
  async 'a webhook'() {
    const { data } = await api.query<{ saveWebhook: { webhook: { id: string } } }>(...callOf('saveWebhook', {}));
    return data.saveWebhook.webhook.id;
  },
  async 'an API token'() {
    const { data } = await api.query<{ createApiToken: { token: { id: string } } }>(...callOf('createApiToken', {}));
    return data.createApiToken.token.id;
  },
};
/** Other examples that have to be run before. */
const FIRST: Record<string, string> = { deleteSecret: 'setSecret' };

async function idFrom(field: string, changed: object): Promise<string> {
  const { data } = await api.query<Record<string, { id: string }>>(...callOf(field, changed));
  return data[field]?.id ?? '';
}

function callOf(field: string, changed: object): [query: string, variables: Record<string, unknown>] {
  const example = examples.find(({ name }) => name === field);
  return [example?.query ?? '', { ...JSON.parse(example?.variables ?? '{}'), ...changed }];
}

async function variablesOf({ variables = '{}' }: Example): Promise<Record<string, unknown>> {
  const given = Object.entries(JSON.parse(variables) as Record<string, unknown>);
  const filled = given.map(async ([name, value]): Promise<[string, unknown]> => {
    const thing = typeof value === 'string' ? /^ID of (.+)$/.exec(value)?.[1] : undefined;
    return [name, thing === undefined ? value : await MAKE[thing]?.()];
  });
  return Object.fromEntries(await Promise.all(filled));
}

test('every field of the roots has an example: packages/api/examples/FIELD.graphql', () => {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const fields = roots.flatMap((root) => Object.keys(root?.getFields() ?? {})).toSorted();
  expect(examples.map(({ name }) => name)).toEqual(fields);
});

test.each(examples)('the example of $name says what it does, and is valid', ({ query, title }) => {
  expect(title).toMatch(/^[A-Z].{10,}\.$/);
  expect(validate(schema, parse(query))).toEqual([]);
});

test.each(examples.filter(({ kind }) => kind !== 'subscription'))('the $kind $name works', async (example) => {
  const { name, query } = example;
  const before = FIRST[name];
  if (before) await api.query(...callOf(before, {}));
  const { data, errors } = await api.query<Record<string, unknown>>(query, await variablesOf(example));
  expect(errors).toBeUndefined();
  // A refusal has a code, and nothing else has.
  for (const answer of [data[name]].flat()) expect(answer ?? {}, JSON.stringify(answer)).not.toHaveProperty('code');
});

test.each(examples.filter(({ kind }) => kind === 'subscription'))('the subscription $name works', async (example) => {
  const { name, query } = example;
  const variables = await variablesOf(example);
  const subscriber = new Subscriber<Record<string, { cursor: string }>>(api.wsUrl, query, variables);
  expect((await subscriber.next())[name]?.cursor).toEqual(expect.any(String));
  await subscriber.close();
});

test('a browser finds them all in a list, each a link that opens it in GraphiQL with its variables', async () => {
  const response = await fetch(`${api.url}/graphql/examples`);
  const page = await response.text();
  expect(response.headers.get('content-type')).toMatch(/^text\/html/);
  const links = [...page.matchAll(/href="(\/graphql\?[^"]+)"/g)].map(([, link = '']) => link.replaceAll('&amp;', '&'));
  expect(links).toHaveLength(examples.length);
  const [first] = links;
  const search = new URL(first ?? '', api.url).searchParams;
  expect([search.get('query'), search.get('variables') ?? undefined]).toEqual([
    examples.find(({ kind }) => kind === 'query')?.query,
    examples.find(({ kind }) => kind === 'query')?.variables,
  ]);
});
