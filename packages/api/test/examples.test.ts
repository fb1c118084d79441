import { parse, validate } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readExamples } from '../src/http/examples.ts';
import { schema } from '../src/schema.ts';
import { createExampleScene, type ExampleScene } from './example-scene.ts';
import type { ApiFixture } from './fixture.ts';
import { Subscriber } from './subscriber.ts';

const examples = await readExamples();

let scene: ExampleScene;
let api: ApiFixture;
beforeAll(async () => {
  scene = await createExampleScene(examples);
  ({ api } = scene);
});
afterAll(() => api.close());

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
  const { data, errors } = await api.query<Record<string, unknown>>(query, await scene.variablesOf(example));
  expect(errors).toBeUndefined();
  // A refusal has a code, and nothing else has.
  for (const answer of [data[name]].flat()) expect(answer ?? {}, JSON.stringify(answer)).not.toHaveProperty('code');
});

test.each(examples.filter(({ kind }) => kind === 'subscription'))('the subscription $name works', async (example) => {
  const { name, query } = example;
  const variables = await scene.variablesOf(example);
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
