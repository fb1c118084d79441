import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ApiFixture, createApiFixture, DEMO } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

interface Subjects {
  subjects: {
    totalCount: number;
    pageInfo: { hasNextPage: boolean; endCursor: string };
    edges: {
      node: { name: string; status: string; stages: { workflow: string; status: string; lastJob: { id: string } }[] };
    }[];
  };
}

const read = (args = '') =>
  api
    .query<Subjects>(
      `{ subjects${args} { totalCount pageInfo { hasNextPage endCursor }
         edges { node { name status stages { workflow status lastJob { id } } } } } }`,
    )
    .then(({ data }) => data.subjects);

async function end(id: string, status: 'COMPLETED' | 'CANCELLED'): Promise<void> {
  const at = new Date();
  await api.services.db.prisma.job.update({ where: { id }, data: { status, startedAt: at, completedAt: at } });
}

test('subjects are listed with the newest job of each workflow about them, and how they stand by those', async () => {
  const other = await api.saveWorkflow(DEMO.replace('slug: demo', 'slug: other'));
  await end(await api.newJob({ subject: 'alpha' }), 'CANCELLED');
  const done = await api.newJob({ subject: 'alpha' });
  await end(done, 'COMPLETED');
  const running = await api.newJob({ subject: 'beta', workflow: other });
  const idle = await api.newJob({ subject: 'beta', start: false });
  await end(await api.newJob({ subject: 'gamma 100%' }), 'CANCELLED');
  await api.newJob();

  const all = await read();
  expect(all.totalCount).toBe(3);
  expect(all.edges.map(({ node }) => node)).toEqual([
    { name: 'alpha', status: 'DONE', stages: [{ workflow: 'demo', status: 'DONE', lastJob: { id: done } }] },
    {
      name: 'beta',
      status: 'RUNNING',
      stages: [
        { workflow: 'demo', status: 'NOT_RUN', lastJob: { id: idle } },
        { workflow: 'other', status: 'RUNNING', lastJob: { id: running } },
      ],
    },
    { name: 'gamma 100%', status: 'NOT_RUN', stages: [expect.objectContaining({ status: 'NOT_RUN' })] },
  ]);

  const first = await read('(first: 2)');
  expect(first.edges.map(({ node }) => node.name)).toEqual(['alpha', 'beta']);
  expect(first.pageInfo.hasNextPage).toBe(true);
  const second = await read(`(first: 2, after: ${JSON.stringify(first.pageInfo.endCursor)})`);
  expect(second.edges.map(({ node }) => node.name)).toEqual(['gamma 100%']);
  expect(second.pageInfo.hasNextPage).toBe(false);

  const found = await read('(search: "A 100%")');
  expect(found.edges.map(({ node }) => node.name)).toEqual(['gamma 100%']);
  expect(found.totalCount).toBe(1);
});

test('a subject is found by its name, and one that no job is about is not there', async () => {
  const { data } = await api.query(
    `{ there: subject(name: "beta") { name status } not: subject(name: "Beta") { name } }`,
  );
  expect(data).toEqual({ there: { name: 'beta', status: 'RUNNING' }, not: null });
});

test('a cursor of another list is refused', async () => {
  const { errors } = await api.query(`{ subjects(after: "bm90aGluZw") { totalCount } }`);
  expect(errors?.[0]?.extensions.code).toBe('BAD_CURSOR');
});

test('a page of subjects reads their newest jobs together', async () => {
  for (let index = 0; index < 8; index += 1) await api.newJob({ subject: `together ${index}` });
  const statements = vi.spyOn(api.services.db.pool, 'query');
  try {
    const { edges } = await read('(first: 8, search: "together")');
    expect(edges.every(({ node }) => node.stages[0]?.lastJob.id)).toBe(true);
    const reads = statements.mock.calls.filter(([statement]) =>
      JSON.stringify(statement).includes('FROM job WHERE job.tenant_id = $1 AND job.id = ANY'),
    );
    expect(reads).toHaveLength(1);
  } finally {
    statements.mockRestore();
  }
});

test('a subject without a letter is listed as it is counted', async () => {
  await api.newJob({ subject: '' });
  const { edges, totalCount } = await read();
  expect(edges).toHaveLength(totalCount);
  expect(edges[0]?.node.name).toBe('');
});
