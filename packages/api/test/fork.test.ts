import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

const FORK = `mutation ($id: ID!, $fromStep: String!, $input: JSONObject, $outputs: JSONObject) {
  forkJob(id: $id, fromStep: $fromStep, input: $input, outputs: $outputs) {
    __typename
    ... on Job {
      id status input forkedFrom { id } workflowVersion priority subject labels progress { completedSteps }
      steps { key status reused input output uses attemptNumber durationMs cost { microUsd } }
    }
    ... on InvalidInput { issues { path message } }
    ... on Conflict { allowed }
    ... on Error { message code }
  }
}`;

async function fork(id: string, fromStep: string, more: { input?: object; outputs?: object } = {}) {
  const { data, errors } = await api.query<{ forkJob: { id: string; __typename: string } }>(FORK, {
    id,
    fromStep,
    ...more,
  });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.forkJob;
}

/** history completed with an output, summary failed. */
async function failedJob(): Promise<string> {
  const id = await api.newJob({ subject: 'the subject', labels: ['one'], priority: 'HIGH' });
  const job = await api.worker.claim(id);
  await api.worker.start(job, 'history', { run: 'git log' });
  await api.worker.complete(job, 'history', { stdout: 'three commits' }, 1);
  const error = { message: 'it broke', category: 'PROCESS' as const, stepKey: 'summary' };
  await api.worker.settle(job, { status: 'FAILED', output: null, error }, 1);
  return id;
}

test('a fork is a new queued job that has what completed before the step, and knows where it came from', async () => {
  const id = await failedJob();
  const created = await fork(id, 'summary');
  expect(created).toMatchObject({
    __typename: 'Job',
    status: 'QUEUED',
    forkedFrom: { id },
    workflowVersion: 1,
    priority: 'HIGH',
    subject: 'the subject',
    labels: ['one'],
    input: { repository: '.', depth: 3 },
    progress: { completedSteps: 1 },
    steps: [
      {
        key: 'history',
        status: 'COMPLETED',
        reused: true,
        input: { run: 'git log' },
        output: { stdout: 'three commits' },
        uses: 'git',
        attemptNumber: 0,
        durationMs: null,
        cost: { microUsd: 0 },
      },
      { key: 'summary', status: 'PENDING', reused: false, output: null },
    ],
  });
  expect(created.id).not.toBe(id);
  const lineage = await api.query('query ($id: ID!) { job(id: $id) { status forks { id } reruns { id } } }', { id });
  expect(lineage.data).toEqual({ job: { status: 'FAILED', forks: [{ id: created.id }], reruns: [] } });
});

test('edited outputs replace those of steps that are taken over; null is an output too', async () => {
  const id = await failedJob();
  expect(await fork(id, 'summary', { outputs: { history: { stdout: 'edited' } } })).toMatchObject({
    steps: [{ status: 'COMPLETED', reused: true, output: { stdout: 'edited' } }, { status: 'PENDING' }],
  });
  expect(await fork(id, 'summary', { outputs: { history: null } })).toMatchObject({
    steps: [{ status: 'COMPLETED', reused: true, output: null }, { status: 'PENDING' }],
  });
});

test('a fork from the first step takes nothing over', async () => {
  expect(await fork(await failedJob(), 'history')).toMatchObject({
    progress: { completedSteps: 0 },
    steps: [
      { status: 'PENDING', reused: false, output: null },
      { status: 'PENDING', reused: false },
    ],
  });
});

test('another input is checked like a first one', async () => {
  const id = await failedJob();
  expect(await fork(id, 'summary', { input: { repository: '/new' } })).toMatchObject({
    input: { repository: '/new', depth: 3 },
  });
  expect(await fork(id, 'summary', { input: { repository: 7 } })).toMatchObject({
    __typename: 'InvalidInput',
    issues: [{ path: '/repository' }],
  });
});

test('an unknown step and outputs that nobody would read are InvalidInput, each with its place', async () => {
  const id = await failedJob();
  expect(await fork(id, 'sumary')).toMatchObject({
    __typename: 'InvalidInput',
    code: 'INVALID_INPUT',
    issues: [{ path: '/fromStep', message: expect.stringContaining('Did you mean "summary"') }],
  });
  const outputs = { summary: 1, 'no/such~step': 2 };
  expect(await fork(id, 'summary', { outputs })).toMatchObject({
    __typename: 'InvalidInput',
    issues: [
      { path: '/outputs/summary', message: expect.stringContaining('runs in the fork') },
      { path: '/outputs/no~1such~0step', message: expect.stringContaining('has no step') },
    ],
  });
});

test('only a final job can be forked', async () => {
  const id = await api.newJob();
  expect(await fork(id, 'summary')).toMatchObject({
    __typename: 'Conflict',
    message: 'A job that is QUEUED cannot be forked yet.',
    allowed: ['CANCEL', 'SET_PRIORITY'],
  });
  expect(await fork('nonsense', 'summary')).toMatchObject({ __typename: 'NotFound' });
});

test('a fork outlives the job it came from', async () => {
  const id = await failedJob();
  const created = await fork(id, 'summary');
  await api.query('mutation ($id: ID!) { deleteJob(id: $id) { __typename } }', { id });
  const { data } = await api.query(
    'query ($id: ID!) { job(id: $id) { forkedFrom { id } step(key: "history") { output } } }',
    {
      id: created.id,
    },
  );
  expect(data).toEqual({ job: { forkedFrom: null, step: { output: { stdout: 'three commits' } } } });
});
