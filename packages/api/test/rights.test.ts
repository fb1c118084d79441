import { graphql } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createContext, type Right } from '../src/context.ts';
import { maskError } from '../src/http/masking.ts';
import { schema } from '../src/schema.ts';
import { type ApiFixture, createApiFixture, TENANT } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

/** As a viewer who has only these rights; the served API has none but the local one yet. */
const as = (rights: Right[], source: string) =>
  graphql({
    schema,
    source,
    contextValue: createContext(api.services, { tenantId: TENANT, name: 'test', rights: new Set(rights) }),
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
