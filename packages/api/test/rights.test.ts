import { getNullableType, graphql, isUnionType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOCAL_VIEWER, type Right } from '../src/auth/viewer.ts';
import { createContext } from '../src/context.ts';
import { maskError } from '../src/http/masking.ts';
import { schema } from '../src/schema.ts';
import { type ApiFixture, createApiFixture } from './fixture.ts';
import { samplesOf } from './sample-values.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

/** As a viewer who has only these rights, which no token can have: without any, say. */
const as = (rights: Right[], source: string) =>
  graphql({
    schema,
    source,
    contextValue: createContext(api.services, { ...LOCAL_VIEWER, name: 'test', rights: new Set(rights) }),
  });

test('whoever may only read gets Forbidden as a member of the union, and nothing is done', async () => {
  const id = await api.newJob({ start: false });
  const result = await as(
    ['read'],
    `mutation { startJob(id: "${id}") { __typename ... on Forbidden { code message } } }`,
  );
  expect(result).toEqual({
    data: { startJob: { __typename: 'Forbidden', code: 'FORBIDDEN', message: expect.stringContaining('startJob') } },
  });
  expect((await api.query(`{ job(id: "${id}") { status } }`)).data).toEqual({ job: { status: 'CREATED' } });
});

test('whoever may only read sees no actions', async () => {
  const id = await api.newJob();
  expect(await as(['read'], `{ job(id: "${id}") { allowedActions } }`)).toEqual({
    data: { job: { allowedActions: [] } },
  });
});

test('saving a workflow needs more than operating', async () => {
  const result = await as(['read', 'operate'], 'mutation { saveWorkflow(source: "x") { __typename } }');
  expect(result).toEqual({ data: { saveWorkflow: { __typename: 'Forbidden' } } });
});

test('whoever may not read gets an error with the code FORBIDDEN', async () => {
  const { data, errors } = await as([], '{ workers { id } }');
  expect(data ?? null).toBeNull();
  expect(maskError(errors?.[0], api.services.log)).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
});

/** What readers keep for themselves needs no more than reading. */
const OWN_AFFAIRS = ['saveView', 'renameView', 'deleteView'];

describe('every mutation of the schema', () => {
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

  test.each(mutations)('$name refuses whoever may not do it', async ({ name, args, type }) => {
    const given = samplesOf(args);
    const isUnion = isUnionType(getNullableType(type));
    const field = `${name}${given && `(${given})`}`;
    const { data, errors } = await as(
      OWN_AFFAIRS.includes(name) ? [] : ['read'],
      `mutation { ${field} { __typename } }`,
    );
    const refusal = isUnion ? data?.[name] : maskError(errors?.[0], api.services.log).extensions.code;
    expect(refusal).toEqual(isUnion ? { __typename: 'Forbidden' } : 'FORBIDDEN');
  });

  test('is known to this test', () => {
    expect(mutations.length).toBeGreaterThan(20);
  });
});
