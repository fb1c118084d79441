import { graphql } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOCAL_VIEWER } from '../src/auth/viewer.ts';
import { createContext } from '../src/context.ts';
import { schema } from '../src/schema.ts';
import { type ApiFixture, createApiFixture } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

interface Saved {
  __typename: string;
  id: string;
}

const SAVE = `mutation ($workflow: String!, $name: String!, $input: JSONObject!, $priority: JobPriority, $subject: String, $labels: [String!]) {
  saveInputTemplate(workflow: $workflow, name: $name, input: $input, priority: $priority, subject: $subject, labels: $labels) {
    __typename
    ... on InputTemplate { id name input priority subject labels workflow { slug } }
    ... on InvalidInput { issues { path message } }
    ... on Error { code message }
  }
}`;
const save = async (variables: object) =>
  (
    await api.query<{ saveInputTemplate: Saved }>(SAVE, {
      workflow: 'demo',
      name: 'Nightly',
      input: { repository: '.' },
      ...variables,
    })
  ).data.saveInputTemplate;

const names = async (workflow = 'demo') =>
  (
    await api.query<{ inputTemplates: { name: string; input: object }[] }>(
      'query ($workflow: String!) { inputTemplates(workflow: $workflow) { name input } }',
      { workflow },
    )
  ).data.inputTemplates;

test('an input is kept under a name with what stands beside it, replaced under the same name, and deleted', async () => {
  const first = await save({ priority: 'HIGH', subject: ' the site ', labels: ['night'] });
  expect(first).toEqual({
    __typename: 'InputTemplate',
    id: expect.any(String),
    name: 'Nightly',
    input: { repository: '.' },
    priority: 'HIGH',
    subject: 'the site',
    labels: ['night'],
    workflow: { slug: 'demo' },
  });
  const second = await save({ name: '  Nightly ', input: { repository: '/srv', z: 1, a: 2 } });
  expect(second).toMatchObject({ id: first.id, priority: null, subject: null, labels: [] });
  await save({ name: 'Another' });
  const kept = await names();
  expect(kept).toEqual([
    { name: 'Another', input: { repository: '.' } },
    { name: 'Nightly', input: { repository: '/srv', z: 1, a: 2 } },
  ]);
  expect(Object.keys(kept[1]?.input ?? {})).toEqual(['repository', 'z', 'a']);

  const remove = `mutation { deleteInputTemplate(id: "${first.id}") { __typename ... on DeletedInputTemplate { id } ... on Error { code } } }`;
  expect((await api.query(remove)).data).toEqual({
    deleteInputTemplate: { __typename: 'DeletedInputTemplate', id: first.id },
  });
  expect((await api.query(remove)).data).toEqual({
    deleteInputTemplate: { __typename: 'NotFound', code: 'NOT_FOUND' },
  });
  expect(await names()).toMatchObject([{ name: 'Another' }]);
});

test('the templates of one workflow are not those of another', async () => {
  await api.saveWorkflow('slug: other\nsteps: [{ key: a, type: command, with: { run: "true" } }]\n');
  await save({ workflow: 'other', name: 'Only there' });
  expect(await names('other')).toMatchObject([{ name: 'Only there' }]);
  expect((await names()).map(({ name }) => name)).not.toContain('Only there');
  expect(await names('no-such')).toEqual([]);
});

test.each([
  [
    { name: '  ' },
    { __typename: 'InvalidInput', issues: [{ path: '/name', message: expect.stringContaining('1 to 100') }] },
  ],
  [{ name: 'n'.repeat(101) }, { __typename: 'InvalidInput', issues: [{ path: '/name' }] }],
  [{ subject: 's'.repeat(501) }, { __typename: 'InvalidInput', issues: [{ path: '/subject' }] }],
  [{ labels: [''] }, { __typename: 'InvalidInput', issues: [{ path: '/labels/0' }] }],
  [{ workflow: 'dem' }, { __typename: 'NotFound', message: expect.stringContaining('"demo"') }],
])('%j is refused with the reason', async (variables, refusal) => {
  expect(await save(variables)).toMatchObject(refusal);
});

test('an id that is none is NotFound, and another tenant sees, replaces and deletes nothing', async () => {
  const { id } = await save({ name: 'Mine' });
  const stranger = createContext(api.services, {
    ...LOCAL_VIEWER,
    tenantId: '00000000-0000-7000-8000-0000000000ff',
    rights: new Set(['read', 'operate'] as const),
  });
  const ask = (source: string) => graphql({ schema, source, contextValue: stranger });
  expect(await ask('{ inputTemplates(workflow: "demo") { name } }')).toEqual({ data: { inputTemplates: [] } });
  for (const unknown of [id, 'nonsense'])
    expect(await ask(`mutation { deleteInputTemplate(id: "${unknown}") { __typename } }`)).toEqual({
      data: { deleteInputTemplate: { __typename: 'NotFound' } },
    });
  expect(await ask('mutation { saveInputTemplate(workflow: "demo", name: "Mine", input: {}) { __typename } }')).toEqual(
    { data: { saveInputTemplate: { __typename: 'NotFound' } } },
  );
  expect((await names()).find(({ name }) => name === 'Mine')).toMatchObject({ input: { repository: '.' } });
});

test('a workflow has 100 templates at most, and any of them can still be replaced', async () => {
  await api.saveWorkflow('slug: full\nsteps: [{ key: a, type: command, with: { run: "true" } }]\n');
  const all = Array.from({ length: 100 }, (_, number) => `t${number}`);
  await Promise.all(all.map((name) => save({ workflow: 'full', name })));
  expect(await save({ workflow: 'full', name: 'one more' })).toMatchObject({ __typename: 'Conflict' });
  expect(await save({ workflow: 'full', name: 't5', input: { new: true } })).toMatchObject({
    __typename: 'InputTemplate',
    input: { new: true },
  });
  expect(await names('full')).toHaveLength(100);
});
