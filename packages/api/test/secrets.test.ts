import { randomBytes } from 'node:crypto';
import { graphql } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOCAL_VIEWER, type Right } from '../src/auth/viewer.ts';
import { createContext } from '../src/context.ts';
import { schema } from '../src/schema.ts';
import { type ApiFixture, createApiFixture } from './fixture.ts';
import { Subscriber } from './subscriber.ts';

const CANARY = 'canary-9f2c-"q"';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture({ secretsKeys: [randomBytes(32).toString('base64')] });
});
afterAll(() => api.close());

const SET = `mutation ($name: String!, $value: SecretText!, $description: String) {
  setSecret(name: $name, value: $value, description: $description) {
    __typename
    ... on Secret { name description usedBy }
    ... on InvalidInput { issues { path message } }
    ... on Error { code message }
  }
}`;
const LIST = '{ secrets { name description createdAt updatedAt usedBy } }';
type Answer = { setSecret: object } | null;
const set = (variables: object) => api.query<Answer>(SET, { name: 'TOKEN', value: CANARY, ...variables });

test('a secret is set, listed with the workflows that use it, changed and deleted, and its value is never given out', async () => {
  await api.saveWorkflow(`slug: uses-it
steps: [{ key: a, type: command, with: { run: "true", env: { T: "\${{ secrets.TOKEN }}" } } }]
`);
  expect((await set({ description: 'of the forecast' })).data?.setSecret).toEqual({
    __typename: 'Secret',
    name: 'TOKEN',
    description: 'of the forecast',
    usedBy: ['uses-it'],
  });
  expect((await set({ value: `${CANARY}2` })).data?.setSecret).toMatchObject({ description: 'of the forecast' });
  expect((await set({ description: null })).data?.setSecret).toMatchObject({ description: null });
  expect((await api.query(LIST)).data).toEqual({
    secrets: [
      {
        name: 'TOKEN',
        description: null,
        createdAt: expect.any(String),
        updatedAt: expect.any(String),
        usedBy: ['uses-it'],
      },
    ],
  });
  const remove =
    'mutation { deleteSecret(name: "TOKEN") { __typename ... on DeletedSecret { name } ... on Error { code } } }';
  expect((await api.query(remove)).data).toEqual({ deleteSecret: { __typename: 'DeletedSecret', name: 'TOKEN' } });
  expect((await api.query(remove)).data).toEqual({ deleteSecret: { __typename: 'NotFound', code: 'NOT_FOUND' } });
});

test('whatever is wrong with a request, neither the answer nor the log repeats the value', async () => {
  const answers = [
    await set({ name: '1st' }),
    await set({ name: 'X'.repeat(200), description: 'x'.repeat(600) }),
    await set({ value: '' }),
    await set({ value: CANARY.repeat(5_000) }),
    await set({ value: [CANARY] }),
    await set({ value: { text: CANARY } }),
    await set({ value: 918273645 }),
    await set({ value: null, unknown: CANARY }),
    await set({ name: { canary: true } }),
    await api.query<Answer>(
      `mutation { setSecret(name: "A", value: { x: ${JSON.stringify(CANARY)} }) { __typename } }`,
    ),
    await api.query<Answer>(`mutation { setSecret(name: "A", value: 918273645, more: 1) { __typename } }`),
    await api.query<Answer>(SET.replace('__typename', 'nothing'), { name: 'A', value: CANARY }),
    await api.query<Answer>(SET.replace('SecretText!', 'String!'), { name: 'A', value: CANARY }),
  ];
  for (const answer of answers.slice(0, 7))
    expect(answer.data?.setSecret).toMatchObject({ __typename: 'InvalidInput', code: 'INVALID_INPUT' });
  for (const answer of answers.slice(7)) expect(JSON.stringify(answer)).toMatch(/errors|InvalidInput/);
  expect(JSON.stringify([answers, api.logged])).not.toMatch(/9f2c|918273645/);
});

test('a database that fails logs and answers nothing of the value', async () => {
  await api.services.db.pool.query(`ALTER TABLE secret ADD CONSTRAINT never CHECK (name <> 'NEVER')`);
  const answer = await set({ name: 'NEVER' });
  expect(answer.errors).toMatchObject([{ extensions: { code: 'INTERNAL_ERROR' } }]);
  expect(api.logged.length).toBeGreaterThan(0);
  expect(JSON.stringify([answer, api.logged])).not.toContain('9f2c');
});

test('over a WebSocket it is the same', async () => {
  const variables = { name: 'A', value: [CANARY], unknown: CANARY };
  expect(await new Subscriber(api.wsUrl, SET, variables).next()).toMatchObject({
    setSecret: { code: 'INVALID_INPUT' },
  });
  const refused: unknown = await new Subscriber(api.wsUrl, SET.replace('SecretText!', 'String!'), variables)
    .next()
    .catch((reason: unknown) => reason);
  expect(JSON.stringify(refused)).toContain('SecretText');
  expect(JSON.stringify([refused, api.logged])).not.toContain('9f2c');
});

test('secrets are for admins only', async () => {
  const as = (rights: Right[], source: string) =>
    graphql({
      schema,
      source,
      contextValue: createContext(api.services, { ...LOCAL_VIEWER, rights: new Set(rights) }),
    });
  const operator: Right[] = ['read', 'operate'];
  expect((await as(operator, '{ secrets { name } }')).errors?.[0]?.message).toContain('You may not use Query.secrets');
  const forbidden = { __typename: 'Forbidden' };
  expect(await as(operator, 'mutation { setSecret(name: "A", value: "abcdef") { __typename } }')).toEqual({
    data: { setSecret: forbidden },
  });
  expect(await as(operator, 'mutation { deleteSecret(name: "A") { __typename } }')).toEqual({
    data: { deleteSecret: forbidden },
  });
});

test('without a key nothing is stored, and the answer says what to do', async () => {
  const keyless = await createApiFixture();
  try {
    const { data } = await keyless.query<{ setSecret: object }>(SET, { name: 'TOKEN', value: CANARY });
    expect(data.setSecret).toMatchObject({
      __typename: 'Conflict',
      message: expect.stringContaining('SIGNALBOX_SECRETS_KEY'),
    });
    expect((await keyless.query(LIST)).data).toEqual({ secrets: [] });
  } finally {
    await keyless.close();
  }
});
