import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

const RESULT = `{
  __typename
  ... on Job { id status cancelRequestedAt completedAt allowedActions input rerunOf { id } steps { status } logs(last: 1) { edges { node { message stream } } } }
  ... on InvalidInput { issues { path } }
  ... on Conflict { allowed }
  ... on Error { message code }
}`;

async function move(call: string, variables: { id: string; [name: string]: unknown }) {
  const declared = Object.keys(variables).map(
    (name) => `$${name}: ${{ id: 'ID!', force: 'Boolean', input: 'JSONObject' }[name]}`,
  );
  const { data, errors } = await api.query<{ result: { __typename: string; id: string } }>(
    `mutation (${declared.join(', ')}) { result: ${call} ${RESULT} }`,
    variables,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.result;
}

const exclusive = (onConflict: string, slug = onConflict) =>
  api.saveWorkflow(`slug: ${slug}
concurrency: { key: "${slug} \${{ input.to }} \${{ job.subject }}", limit: 1, onConflict: ${onConflict} }
steps: [{ key: a, type: command, with: { run: 'true' } }]
`);

const CREATE = `mutation ($input: CreateJobInput!) { createJob(input: $input) ${RESULT} }`;
const create = async (input: object) =>
  (await api.query<{ createJob: { __typename: string; id: string } }>(CREATE, { input })).data.createJob;

test('a workflow may refuse a job beside another one of its concurrency key', async () => {
  await exclusive('refuse');
  const live = { workflow: 'refuse', input: { to: 'live' }, idempotencyKey: 'refuse-live' };
  const first = await create(live);
  expect(await create({ ...live, idempotencyKey: null })).toEqual({
    __typename: 'Conflict',
    code: 'CONFLICT',
    message: `The workflow refuses a new job while a job of the concurrency key "refuse live " is under way (job ${first.id}). Wait for its end, or cancel it.`,
    allowed: [],
  });
  expect(await create(live)).toMatchObject({ __typename: 'Job', id: first.id });
  expect(await create({ ...live, input: { to: 'test' }, idempotencyKey: null })).toMatchObject({ __typename: 'Job' });
  await move('cancelJob(id: $id)', { id: first.id });
  expect(await create({ ...live, idempotencyKey: null })).toMatchObject({ __typename: 'Job', status: 'QUEUED' });
});

test('a workflow may have the oldest job of its concurrency key make room for a new one', async () => {
  await exclusive('cancel-oldest');
  const ask = { workflow: 'cancel-oldest', input: { to: 'live' } };
  const first = await create(ask);
  await api.worker.claim(first.id);
  const second = await create(ask);
  const third = await create(ask);
  const states = await Promise.all(
    [first, second, third].map(async ({ id }) => {
      const { data } = await api.query('query ($id: ID!) { job(id: $id) { status cancelRequestedAt } }', { id });
      return data;
    }),
  );
  expect(states).toEqual([
    { job: { status: 'RUNNING', cancelRequestedAt: expect.any(String) } },
    { job: { status: 'CANCELLED', cancelRequestedAt: expect.any(String) } },
    { job: { status: 'QUEUED', cancelRequestedAt: null } },
  ]);
  await expect(api.worker.claim(third.id)).rejects.toThrow('could not be claimed');
});

test('a key that cannot be made of the input is InvalidInput', async () => {
  await exclusive('queue');
  expect(await create({ workflow: 'queue' })).toMatchObject({
    __typename: 'InvalidInput',
    message: expect.stringContaining('The concurrency key of the workflow cannot be made.'),
  });
});

const DELETE = `mutation ($id: ID!) {
  deleteJob(id: $id) { __typename ... on DeletedJob { id } ... on Conflict { allowed } ... on Error { message code } }
}`;
const remove = async (id: string) => (await api.query<{ deleteJob: unknown }>(DELETE, { id })).data.deleteJob;

test('a created job starts once; starting it again is a Conflict that says what is allowed', async () => {
  const id = await api.newJob({ start: false });
  expect(await move('startJob(id: $id)', { id })).toMatchObject({ __typename: 'Job', id, status: 'QUEUED' });
  expect(await move('startJob(id: $id)', { id })).toEqual({
    __typename: 'Conflict',
    code: 'CONFLICT',
    message: 'A job that is QUEUED cannot be started.',
    allowed: ['CANCEL', 'SET_PRIORITY'],
  });
});

test('a queued job is cancelled in the answer, with its steps and a line in its log', async () => {
  const id = await api.newJob();
  expect(await move('cancelJob(id: $id)', { id })).toMatchObject({
    status: 'CANCELLED',
    completedAt: expect.any(String),
    steps: [{ status: 'CANCELLED' }, { status: 'CANCELLED' }],
    logs: { edges: [{ node: { stream: 'SYSTEM', message: expect.stringContaining('cancelled') } }] },
  });
});

test('a running job gets the mark of a cancel, and force can be added later', async () => {
  const id = await api.newJob();
  await api.worker.claim(id);
  expect(await move('cancelJob(id: $id)', { id })).toMatchObject({
    status: 'RUNNING',
    cancelRequestedAt: expect.any(String),
    allowedActions: ['FORCE_CANCEL'],
  });
  expect(await move('cancelJob(id: $id, force: $force)', { id, force: true })).toMatchObject({ status: 'RUNNING' });
  const { rows } = await api.services.db.pool.query('SELECT cancel_forced FROM job WHERE id = $1', [id]);
  expect(rows).toEqual([{ cancel_forced: true }]);
});

test('a finished job cannot be cancelled', async () => {
  const id = await api.newJob();
  await api.worker.finish(id);
  expect(await move('cancelJob(id: $id)', { id })).toMatchObject({
    __typename: 'Conflict',
    message: 'A job that is COMPLETED cannot be cancelled.',
    allowed: ['RERUN', 'FORK', 'DELETE'],
  });
});

test('a rerun is a new queued job with the same input, and the original stays', async () => {
  const id = await api.newJob({ input: { repository: '/srv', depth: 2 } });
  await api.worker.fail(id);
  const rerun = await move('rerunJob(id: $id)', { id });
  expect(rerun).toMatchObject({ status: 'QUEUED', input: { repository: '/srv', depth: 2 }, rerunOf: { id } });
  expect(rerun.id).not.toBe(id);
  expect((await api.query('query ($id: ID!) { job(id: $id) { status } }', { id })).data).toEqual({
    job: { status: 'FAILED' },
  });
});

test('a rerun takes another input, checked like a first one', async () => {
  const id = await api.newJob();
  await api.worker.finish(id);
  expect(await move('rerunJob(id: $id, input: $input)', { id, input: { repository: '/new' } })).toMatchObject({
    input: { repository: '/new', depth: 3 },
  });
  expect(await move('rerunJob(id: $id, input: $input)', { id, input: { repository: 7 } })).toMatchObject({
    __typename: 'InvalidInput',
    issues: [{ path: '/repository' }],
  });
});

test('a job that is under way cannot be run again yet', async () => {
  const id = await api.newJob();
  expect(await move('rerunJob(id: $id)', { id })).toMatchObject({
    __typename: 'Conflict',
    allowed: ['CANCEL', 'SET_PRIORITY'],
  });
});

test('a final job is deleted with everything of it, and its rerun stays', async () => {
  const id = await api.newJob();
  await api.worker.finish(id);
  const rerun = await move('rerunJob(id: $id)', { id });
  expect(await remove(id)).toEqual({ __typename: 'DeletedJob', id });
  expect((await api.query('query ($id: ID!) { job(id: $id) { id } node(id: $id) { id } }', { id })).data).toEqual({
    job: null,
    node: null,
  });
  expect(
    (await api.query('query ($id: ID!) { job(id: $id) { status rerunOf { id } } }', { id: rerun.id })).data,
  ).toEqual({ job: { status: 'QUEUED', rerunOf: null } });
  expect(await remove(id)).toMatchObject({ __typename: 'NotFound', code: 'NOT_FOUND' });
});

test('a job that is not final cannot be deleted', async () => {
  expect(await remove(await api.newJob())).toMatchObject({
    __typename: 'Conflict',
    allowed: ['CANCEL', 'SET_PRIORITY'],
  });
});

test.each(['startJob', 'cancelJob', 'rerunJob'])(
  '%s of an id that nobody has, and of text that is no id, is NotFound',
  async (name) => {
    for (const id of ['01a202b4-7206-77f7-9122-83343e079a66', 'nonsense', '']) {
      expect(await move(`${name}(id: $id)`, { id })).toEqual({
        __typename: 'NotFound',
        code: 'NOT_FOUND',
        message: `There is no job with the id "${id}".`,
      });
    }
  },
);
