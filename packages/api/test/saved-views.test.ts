import { graphql } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOCAL_VIEWER, type Right } from '../src/auth/viewer.ts';
import { createContext } from '../src/context.ts';
import { schema } from '../src/schema.ts';
import { type ApiFixture, createApiFixture, TENANT } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

/** As somebody with a name of their own. */
function as(name: string, rights: Right[] = ['read', 'operate']) {
  return async <Data>(source: string, variableValues: Record<string, unknown> = {}) => {
    const contextValue = createContext(api.services, { ...LOCAL_VIEWER, name, owner: name, rights: new Set(rights) });
    const result = await graphql({ schema, source, variableValues, contextValue });
    expect(result.errors).toBeUndefined();
    return JSON.parse(JSON.stringify(result.data)) as Data;
  };
}

type Ask = ReturnType<typeof as>;

interface View {
  __typename: string;
  id: string;
  message?: string;
  filter?: object;
  orderBy?: object;
}

const SAVE = `mutation ($name: String!, $filter: JobFilter, $orderBy: JobOrder, $columns: [String!], $shared: Boolean) {
  saveView(name: $name, filter: $filter, orderBy: $orderBy, columns: $columns, shared: $shared) {
    __typename ... on SavedView { id name filter orderBy columns shared owner mine } ... on InvalidInput { issues { path } } ... on Error { message }
  }
}`;

const save = async (ask: Ask, variables: Record<string, unknown>) =>
  (await ask<{ saveView: View }>(SAVE, variables)).saveView;
const names = async (ask: Ask) =>
  (await ask<{ savedViews: { name: string; mine: boolean }[] }>('{ savedViews { name mine } }')).savedViews;

test('a view keeps filter, order and columns, and its filter is one that lists take as it is', async () => {
  const ask = as('ann');
  const filter = { status: ['FAILED'], labels: ['nightly'], createdAfter: '2026-01-02T03:04:05.000Z' };
  const orderBy = { field: 'DURATION', direction: 'DESC' };
  const view = await save(ask, { name: ' Broken ', filter, orderBy, columns: ['status', 'cost'] });
  expect(view).toMatchObject({
    __typename: 'SavedView',
    name: 'Broken',
    filter,
    orderBy,
    columns: ['status', 'cost'],
    shared: false,
    owner: 'ann',
    mine: true,
  });
  const found = await ask(
    'query ($filter: JobFilter, $orderBy: JobOrder) { jobs(filter: $filter, orderBy: $orderBy) { totalCount } }',
    {
      filter: view.filter,
      orderBy: view.orderBy,
    },
  );
  expect(found).toEqual({ jobs: { totalCount: 0 } });
});

test('saving again under the same name takes the place of the older one', async () => {
  const ask = as('bob');
  const first = await save(ask, { name: 'Mine', filter: { subject: 'a' } });
  const second = await save(ask, { name: 'Mine', filter: { subject: 'b' } });
  expect(second).toMatchObject({ id: first.id, filter: { subject: 'b' } });
  expect(await names(ask)).toEqual([{ name: 'Mine', mine: true }]);
});

test('others see a view when it is shared, and only its owner renames or deletes it, or an admin', async () => {
  const [owner, other, admin] = [as('carl'), as('dora'), as('eve', ['read', 'operate', 'admin'])];
  const secret = await save(owner, { name: 'Secret' });
  const shared = await save(owner, { name: 'For all', shared: true });
  expect(await names(other)).toEqual([{ name: 'For all', mine: false }]);
  const rename = 'mutation ($id: ID!) { renameView(id: $id, name: "Taken") { __typename } }';
  const remove = 'mutation ($id: ID!) { deleteView(id: $id) { __typename ... on DeletedView { id } } }';
  for (const id of [secret.id, shared.id, 'nonsense']) {
    expect(await other(rename, { id })).toEqual({ renameView: { __typename: 'NotFound' } });
    expect(await other(remove, { id })).toEqual({ deleteView: { __typename: 'NotFound' } });
  }
  expect(await admin(remove, { id: secret.id })).toEqual({ deleteView: { __typename: 'NotFound' } });
  expect(await admin(remove, { id: shared.id })).toEqual({ deleteView: { __typename: 'DeletedView', id: shared.id } });
  expect(await names(owner)).toEqual([{ name: 'Secret', mine: true }]);
});

test('a view is renamed, but not to the name of another one', async () => {
  const ask = as('fred');
  const view = await save(ask, { name: 'One' });
  await save(ask, { name: 'Two' });
  const rename = (name: string) =>
    ask(
      'mutation ($id: ID!, $name: String!) { renameView(id: $id, name: $name) { __typename ... on SavedView { name } ... on Error { message } } }',
      {
        id: view.id,
        name,
      },
    );
  expect(await rename('Two')).toEqual({
    renameView: { __typename: 'Conflict', message: 'You have another view with the name "Two".' },
  });
  expect(await rename('One')).toEqual({ renameView: { __typename: 'SavedView', name: 'One' } });
  expect(await rename('Three')).toEqual({ renameView: { __typename: 'SavedView', name: 'Three' } });
});

test('whoever may only read keeps views for themselves', async () => {
  const ask = as('gina', ['read']);
  expect(await save(ask, { name: 'Shared', shared: true })).toMatchObject({ __typename: 'Forbidden' });
  expect(await save(ask, { name: 'Own' })).toMatchObject({ __typename: 'SavedView' });
});

test('names and columns that cannot be kept are told with their places, and too many views are a conflict', async () => {
  const ask = as('hank');
  expect(await save(ask, { name: '  ' })).toMatchObject({ __typename: 'InvalidInput', issues: [{ path: '/name' }] });
  expect(await save(ask, { name: 'x', columns: ['status', ''] })).toMatchObject({ issues: [{ path: '/columns/1' }] });
  await api.services.db.pool.query(
    `INSERT INTO saved_view (id, tenant_id, owner, owner_name, name, filter) SELECT gen_random_uuid(), $1, 'hank', 'hank', 'v' || n, '{}' FROM generate_series(1, 200) n`,
    [TENANT],
  );
  expect(await save(ask, { name: 'one more' })).toMatchObject({ __typename: 'Conflict' });
  expect(await save(ask, { name: 'v7' })).toMatchObject({ __typename: 'SavedView' });
});
