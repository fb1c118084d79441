import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ApiFixture, createApiFixture, TENANT } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

const UNKNOWN = '01a202b4-7206-77f7-9122-83343e079a66';

interface Preview {
  matched: number;
  accepted: number;
  needsLimit: boolean;
  sample: { id: string }[];
  refused: {
    count: number;
    error: { __typename: string; message: string };
    sample: { id: string; status: string }[];
  }[];
}

async function preview(action: string, variables: { ids?: string[]; filter?: object }): Promise<Preview> {
  const { data, errors } = await api.query<{ bulkPreview: Preview }>(
    `query ($action: BulkAction!, $ids: [ID!], $filter: JobFilter) { bulkPreview(action: $action, ids: $ids, filter: $filter) {
      matched accepted needsLimit sample { id } refused { count error { __typename message } sample { id status } }
    } }`,
    { action, ...variables },
  );
  expect(errors).toBeUndefined();
  return data.bulkPreview;
}

interface Result {
  done: string[];
  doneCount: number;
  refusedCount: number;
  remaining: number;
  refused: { error: { message: string } }[];
}

async function bulk(name: string, args: string, variables: object = {}): Promise<Result> {
  const { data, errors } = await api.query<{ bulk: Result }>(
    `mutation ($filter: JobFilter, $ids: [ID!]) { bulk: ${name}(filter: $filter, ids: $ids, ${args}) {
      done doneCount refusedCount remaining refused { error { message } }
    } }`,
    variables,
  );
  expect(errors).toBeUndefined();
  return data.bulk;
}

async function failed(subject: string): Promise<string> {
  const id = await api.newJob({ subject });
  await api.worker.fail(id);
  return id;
}

/** Jobs of every kind that a move can meet. */
async function everyKind(subject: string): Promise<void> {
  await api.newJob({ subject, start: false });
  await api.newJob({ subject });
  await api.worker.finish(await api.newJob({ subject }));
  await failed(subject);
  for (const move of ['pauseJob', 'cancelJob']) {
    const id = await api.newJob({ subject });
    await api.worker.claim(id);
    await api.query(`mutation ($id: ID!) { ${move}(id: $id) { __typename } }`, { id });
  }
  const cancelled = await api.newJob({ subject });
  await api.query('mutation ($id: ID!) { cancelJob(id: $id) { __typename } }', { id: cancelled });
}

test('a preview tells what the mutation then does, for every action', async () => {
  const mutations = {
    START: ['startJobs', 'limit: 100'],
    PAUSE: ['pauseJobs', 'limit: 100'],
    RESUME: ['resumeJobs', 'limit: 100'],
    RETRY: ['retryJobs', 'limit: 100'],
    CANCEL: ['cancelJobs', 'limit: 100'],
    SET_PRIORITY: ['setJobsPriority', 'priority: HIGH'],
    DELETE: ['deleteJobs', 'limit: 100'],
  } as const;
  for (const [action, [mutation, args]] of Object.entries(mutations)) {
    const subject = `every kind ${action}`;
    await everyKind(subject);
    const told = await preview(action, { filter: { subject } });
    expect(told.matched, action).toBe(7);
    expect(told.accepted + told.refused.reduce((sum, { count }) => sum + count, 0), action).toBe(7);
    const { done, refused } = await bulk(mutation, args, { filter: { subject } });
    expect(done.length, action).toBe(told.accepted);
    expect(
      told.sample.map(({ id }) => id),
      action,
    ).toEqual(done.toSorted().reverse());
    const reasons = new Map<string, number>();
    for (const { error } of refused) reasons.set(error.message, (reasons.get(error.message) ?? 0) + 1);
    expect(new Map(told.refused.map(({ error, count }) => [error.message, count])), action).toEqual(reasons);
  }
});

test('ids are counted once, and unknown ones are told', async () => {
  const [queued, ended] = [await api.newJob(), await failed('one')];
  const told = await preview('CANCEL', { ids: [queued, queued, ended, UNKNOWN, 'nonsense'] });
  expect(told).toMatchObject({ matched: 4, accepted: 1, sample: [{ id: queued }] });
  expect(told.refused).toEqual([
    {
      count: 1,
      error: { __typename: 'Conflict', message: 'A job that is FAILED cannot be cancelled.' },
      sample: [{ id: ended, status: 'FAILED' }],
    },
    { count: 2, error: { __typename: 'NotFound', message: 'There is no job with such an id.' }, sample: [] },
  ]);
});

test('old jobs are deleted part by part until none is left, and the answers tell how many went', async () => {
  const old = await Promise.all(Array.from({ length: 5 }, () => failed('aged')));
  const young = await failed('aged');
  await api.services.db.pool.query(`UPDATE job SET created_at = '2020-01-01' WHERE id = ANY($1)`, [old]);
  const filter = { subject: 'aged', createdBefore: '2021-01-01T00:00:00Z' };
  expect(await preview('DELETE', { filter })).toMatchObject({ matched: 5, accepted: 5, needsLimit: false });
  expect(await bulk('deleteJobs', 'limit: 3', { filter })).toMatchObject({
    doneCount: 3,
    refusedCount: 0,
    remaining: 2,
  });
  expect(await bulk('deleteJobs', 'limit: 3', { filter })).toMatchObject({ doneCount: 2, remaining: 0 });
  const { data } = await api.query('{ jobs(filter: { subject: "aged" }) { edges { node { id } } } }');
  expect(data).toEqual({ jobs: { edges: [{ node: { id: young } }] } });
});

test.each([
  ['limit: 0', { filter: {} }, '"limit" must be from 1 to 1000, not 0.'],
  ['limit: 1', { ids: [UNKNOWN] }, '"limit" goes with "filter": of "ids", send as many as are meant.'],
])('%s with %o is refused', async (args, variables, message) => {
  const { errors } = await api.query(
    `mutation ($filter: JobFilter, $ids: [ID!]) { deleteJobs(filter: $filter, ids: $ids, ${args}) { doneCount } }`,
    variables,
  );
  expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('more jobs than are moved at once are previewed by one statement, and one for what is shown of the sample', async () => {
  await api.services.db.pool.query(
    `INSERT INTO job (id, tenant_id, workflow_id, workflow_version, workflow_slug, workflow_name, status, input, subject, total_steps)
     SELECT ('019c0000-' || lpad(to_hex(n / 65536), 4, '0') || '-7000-8000-' || lpad(to_hex(n % 65536), 12, '0'))::uuid,
       $1, $2, $3, 'demo', 'Demo report', 'CREATED', '{}', 'many', 2
     FROM generate_series(1, 5000) AS many(n)`,
    [TENANT, api.workflow.workflowId, api.workflow.version],
  );
  const asked = vi.spyOn(api.services.db.pool, 'query');
  try {
    const told = await preview('START', { filter: { subject: 'many' } });
    expect(told).toMatchObject({ matched: 5_000, accepted: 5_000, needsLimit: true, refused: [] });
    expect(told.sample).toHaveLength(10);
    expect(asked.mock.calls.filter(([statement]) => JSON.stringify(statement).includes('GROUP BY'))).toHaveLength(1);
  } finally {
    asked.mockRestore();
  }
});
