import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ApiFixture, createApiFixture } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
  for (let number = 0; number < 12; number += 1) {
    const id = await api.newJob({ labels: ['of the page'] });
    if (number % 3 === 0) await api.worker.fail(id, 'it broke', 'history');
    if (number % 3 === 1) await api.worker.start(await api.worker.claim(id), 'history');
  }
  // Jobs that were made call for workers a little later.
  await api.services.db.queueCall.sent();
});
afterAll(() => api.close());

/** What the operation asks the database, in order. */
async function statementsOf<Data>(query: string): Promise<{ statements: string[]; data: Data }> {
  const asked = vi.spyOn(api.services.db.pool, 'query');
  try {
    const { data, errors } = await api.query<Data>(query);
    expect(errors).toBeUndefined();
    const statements = asked.mock.calls.map(([statement]: unknown[]) =>
      typeof statement === 'string' ? statement : (statement as { text: string }).text,
    );
    return { statements, data };
  } finally {
    asked.mockRestore();
  }
}

interface Row {
  workflow: { slug: string };
  cost: { microUsd: number };
  error: { step: { key: string; status: string } | null } | null;
  progress: { currentStep: { name: string } | null };
}

const ROW = `id status priority subject labels createdAt startedAt completedAt durationMs allowedActions
  workflow { id slug name version } cost { microUsd complete } error { message category step { id key status } }
  progress { completedSteps totalSteps percent currentStep { id key name type } }`;

test('a page of everything that a row shows, with how many there are, takes two statements', async () => {
  const { data, statements } = await statementsOf<{ jobs: { totalCount: number; edges: { node: Row }[] } }>(
    `{ jobs(first: 50) { totalCount pageInfo { endCursor hasNextPage } edges { cursor node { ${ROW} } } } }`,
  );
  expect(statements).toHaveLength(2);
  const nodes = data.jobs.edges.map(({ node }) => node);
  expect(data.jobs.totalCount).toBe(12);
  expect(nodes.every(({ workflow }) => workflow.slug === 'demo')).toBe(true);
  expect(nodes.filter(({ progress }) => progress.currentStep?.name === 'Read the history')).toHaveLength(4);
  expect(nodes.filter(({ error }) => error?.step?.key === 'history')).toHaveLength(4);
});

test('counts, a filter, an order and a page from the end take no more', async () => {
  for (const args of [
    'first: 5, orderBy: { field: PRIORITY, direction: DESC }',
    'last: 3',
    'first: 5, filter: { search: "page", labels: ["of the page"] }',
  ]) {
    const { statements } = await statementsOf(`{ jobs(${args}) { totalCount edges { node { ${ROW} } } } }`);
    expect(statements.length, args).toBeLessThanOrEqual(2);
  }
});

test('what was not selected is not read: no inputs, outputs or logs, and nothing beside the jobs', async () => {
  const { statements } = await statementsOf(`{ jobs(first: 50) { edges { node { id status workflow { slug } } } } }`);
  expect(statements).toHaveLength(1);
  for (const statement of statements)
    expect(statement).not.toMatch(/"input"|"output"|\.input\b|\.output\b|log_line|count\(\*\)/);
  const ids = await statementsOf('{ jobs(first: 50) { edges { node { id } } } }');
  expect(ids.statements).toHaveLength(1);
});
