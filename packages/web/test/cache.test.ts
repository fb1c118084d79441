import { Client, fetchExchange, type OperationResult, subscriptionExchange } from '@urql/core';
import type { FormattedExecutionResult } from 'graphql';
import { expect, test } from 'vitest';
import { createCache } from '../src/app/cache.ts';
import { graphql } from '../src/app/graphql.ts';

const List = graphql(`query List { jobs(first: 2) { edges { cursor node { id status } } } }`);
const One = graphql(`query One($id: ID!) { job(id: $id) { id status } }`);
const Updated = graphql(`
  subscription Updated($after: String) {
    jobUpdated(after: $after) { cursor job { id status } deletedId }
  }
`);
const Delete = graphql(
  `mutation Delete($id: ID!) { deleteJob(id: $id) { __typename ... on DeletedJob { __typename } } }`,
);

const job = (id: string, status: string) => ({ __typename: 'Job', id, status });

/** The app's cache over a server whose answers the test gives. */
function start(answer: (operation: string, variables: Record<string, unknown>) => unknown) {
  let subscribed: (send: (data: unknown) => void) => void = () => {};
  const sender = new Promise<(data: unknown) => void>((resolve) => {
    subscribed = resolve;
  });
  const asked: string[] = [];
  const client = new Client({
    url: 'http://signalbox.test/graphql',
    preferGetMethod: false,
    fetch: async (_input, init) => {
      const { operationName, variables } = JSON.parse(typeof init?.body === 'string' ? init.body : '{}');
      asked.push(operationName);
      return Response.json({ data: answer(operationName, variables) });
    },
    exchanges: [
      createCache(),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: () => ({
          subscribe: (sink) => {
            subscribed((data) => sink.next({ data } as FormattedExecutionResult));
            return { unsubscribe: () => {} };
          },
        }),
      }),
    ],
  });
  client.subscription(Updated, {}).subscribe(() => {});
  const cached = (id: string) => client.query(One, { id }, { requestPolicy: 'cache-only' }).toPromise();
  async function update(part: object) {
    const send = await sender;
    send({ jobUpdated: { __typename: 'JobUpdate', cursor: 'e1', job: null, deletedId: null, ...part } });
  }
  return { client, asked, cached, update };
}

const edges = (...nodes: object[]) => nodes.map((node) => ({ __typename: 'JobEdge', cursor: 'x', node }));
const list = (...nodes: object[]) => ({ jobs: { __typename: 'JobConnection', edges: edges(...nodes) } });

test('a job that came with a list can be read alone without asking', async () => {
  const { client, cached, asked } = start(() => list(job('a', 'RUNNING'), job('b', 'QUEUED')));
  await client.query(List, {});
  expect((await cached('b')).data?.job).toMatchObject({ id: 'b', status: 'QUEUED' });
  expect(asked).toEqual(['List']);
});

test('a change that arrives live is seen wherever the job is shown', async () => {
  const { client, update } = start(() => list(job('a', 'RUNNING')));
  const seen: (string | undefined)[] = [];
  client.query(List, {}).subscribe(({ data }) => seen.push(data?.jobs.edges[0]?.node.status));
  await client.query(List, {});
  await update({ job: job('a', 'COMPLETED') });
  expect(seen.at(-1)).toBe('COMPLETED');
});

test('a job that was only ever heard of live can be read alone', async () => {
  const { cached, update } = start(() => list());
  await update({ job: job('new', 'QUEUED') });
  expect((await cached('new')).data?.job).toMatchObject({ status: 'QUEUED' });
});

test('a job that was deleted, here or elsewhere, is asked for anew and then known to be gone', async () => {
  const { client, cached, update } = start((operation) => {
    if (operation === 'Delete') return { deleteJob: { __typename: 'DeletedJob', id: 'a' } };
    if (operation === 'One') return { job: null };
    return list(job('a', 'FAILED'), job('b', 'FAILED'));
  });
  await client.query(List, {});
  await client.mutation(Delete, { id: 'a' });
  expect((await cached('a')).data?.job).toBeFalsy();
  await update({ deletedId: 'b' });
  const gone: OperationResult = await client.query(One, { id: 'b' });
  expect(gone.data).toEqual({ job: null });
});

test('a refused deletion leaves the job where it is', async () => {
  const { client, cached } = start((operation) =>
    operation === 'Delete' ? { deleteJob: { __typename: 'Conflict' } } : list(job('a', 'RUNNING')),
  );
  await client.query(List, {});
  await client.mutation(Delete, { id: 'a' });
  expect((await cached('a')).data?.job).toMatchObject({ status: 'RUNNING' });
});

test('a list of which a part is shown is read again once something was added to it', async () => {
  const Templates = graphql(`query Templates { inputTemplates(workflow: "demo") { id name } }`);
  const Save = graphql(`mutation Save { saveInputTemplate(workflow: "demo", name: "b", input: {}) { __typename } }`);
  const kept = [{ __typename: 'InputTemplate', id: 'a', name: 'a' }];
  const { client } = start((operation) => {
    if (operation === 'Templates') return { inputTemplates: [...kept] };
    kept.push({ __typename: 'InputTemplate', id: 'b', name: 'b' });
    return { saveInputTemplate: { __typename: 'InputTemplate', id: 'b' } };
  });
  const shown: (string[] | undefined)[] = [];
  client.query(Templates, {}).subscribe(({ data }) => shown.push(data?.inputTemplates.map(({ name }) => name)));
  await client.query(Templates, {});
  await client.mutation(Save, {});
  await expect.poll(() => shown.at(-1)).toEqual(['a', 'b']);
});

test('the names of the workflows are read again once one was saved, and not when that was refused', async () => {
  const Names = graphql(`query Names { workflows(first: 100) { edges { cursor node { id slug } } } }`);
  const Save = graphql(`
    mutation SaveSource($source: String!) {
      saveWorkflow(source: $source) { __typename ... on Workflow { __typename } }
    }
  `);
  const slugs = ['old'];
  const { client, asked } = start((operation, variables) => {
    if (operation !== 'SaveSource') {
      const nodes = slugs.map((slug) => ({ __typename: 'Workflow', id: slug, slug }));
      const found = nodes.map((node) => ({ __typename: 'WorkflowEdge', cursor: node.id, node }));
      return { workflows: { __typename: 'WorkflowConnection', edges: found } };
    }
    if (variables.source === 'bad') return { saveWorkflow: { __typename: 'InvalidInput' } };
    slugs.push('new');
    return { saveWorkflow: { __typename: 'Workflow', id: 'new' } };
  });
  const shown: (string[] | undefined)[] = [];
  client.query(Names, {}).subscribe(({ data }) => shown.push(data?.workflows.edges.map(({ node }) => node.slug)));
  await client.query(Names, {});
  await client.mutation(Save, { source: 'bad' });
  expect(asked).toEqual(['Names', 'SaveSource']);
  await client.mutation(Save, { source: 'good' });
  await expect.poll(() => shown.at(-1)).toEqual(['old', 'new']);
});
