import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture, DEMO } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

const CREATE = `mutation ($input: CreateJobInput!) {
  createJob(input: $input) {
    __typename
    ... on Job { id status priority input subject labels workflowVersion workflow { slug } steps { key status } }
    ... on InvalidInput { issues { path message } }
    ... on Conflict { allowed }
    ... on Error { message code }
  }
}`;

interface Result {
  __typename: string;
  id: string;
  message: string;
  issues: { path: string }[];
}

const create = async (input: object) => (await api.query<{ createJob: Result }>(CREATE, { input })).data.createJob;

test('a job comes back queued, with the defaults of the schema and all its steps', async () => {
  expect(
    await create({
      workflow: 'demo',
      input: { repository: '/srv/code' },
      subject: 'code',
      labels: ['nightly'],
      priority: 'HIGH',
    }),
  ).toEqual({
    __typename: 'Job',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    status: 'QUEUED',
    priority: 'HIGH',
    input: { repository: '/srv/code', depth: 3 },
    subject: 'code',
    labels: ['nightly'],
    workflowVersion: 1,
    workflow: { slug: 'demo' },
    steps: [
      { key: 'history', status: 'PENDING' },
      { key: 'summary', status: 'PENDING' },
    ],
  });
});

test('start: false leaves the job CREATED, and without labels and subject it has none', async () => {
  const job = await create({ workflow: 'demo', input: { repository: '.' }, start: false });
  expect(job).toMatchObject({ status: 'CREATED', priority: 'MEDIUM', labels: [], subject: null });
});

test('an unknown workflow is NotFound and names the slug that was probably meant', async () => {
  expect(await create({ workflow: 'dmeo' })).toEqual({
    __typename: 'NotFound',
    code: 'NOT_FOUND',
    message: expect.stringContaining('Did you mean "demo"?'),
  });
});

test('an input that does not fit is InvalidInput with a pointer to each culprit', async () => {
  const result = await create({ workflow: 'demo', input: { depth: 'three' } });
  expect(result).toMatchObject({
    __typename: 'InvalidInput',
    code: 'INVALID_INPUT',
    message: expect.stringContaining('repository'),
  });
  expect(result.issues.map((issue) => issue.path).sort()).toEqual(['/depth', '/repository']);
});

test('labels, subject and key beyond their bounds are refused all at once', async () => {
  const result = await create({
    workflow: 'demo',
    input: { repository: '.' },
    subject: 's'.repeat(501),
    labels: ['fine', ''],
    idempotencyKey: '',
  });
  expect(result.__typename).toBe('InvalidInput');
  expect(result.issues.map((issue) => issue.path)).toEqual(['/subject', '/labels/1', '/idempotencyKey']);
});

test('an input nested without end is refused and not stored', async () => {
  // As text, since JSON.stringify would not survive it.
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  const idempotencyKey = 'taken';
  await create({ workflow: 'demo', input: { repository: '.' }, idempotencyKey });
  const body = `{"query":${JSON.stringify(CREATE)},"variables":{"input":{"workflow":"demo","idempotencyKey":"${idempotencyKey}","input":{"repository":".","deep":${deep}}}}}`;
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
  });
  expect(await response.json()).toMatchObject({
    data: { createJob: { __typename: 'InvalidInput', code: 'INVALID_INPUT' } },
  });
});

test('text that PostgreSQL cannot store becomes visible instead of failing the request', async () => {
  const job = await create({
    workflow: 'demo',
    input: { repository: 'a\u0000b' },
    subject: 'x\u0000y',
    labels: ['\ud800'],
    idempotencyKey: 'k\u0000',
  });
  expect(job).toMatchObject({ __typename: 'Job', subject: 'x␀y', input: { repository: 'a␀b' } });
  expect(await create({ workflow: 'no\u0000thing' })).toMatchObject({ __typename: 'NotFound' });
});

describe('an idempotency key', () => {
  const request = { workflow: 'demo', input: { repository: '.', depth: 4 }, idempotencyKey: 'once' };

  test('gives the same job for the same request, and one job for many at once', async () => {
    const jobs = await Promise.all(Array.from({ length: 5 }, () => create(request)));
    expect(new Set(jobs.map((job) => job.id)).size).toBe(1);
    const again = await create({ ...request, input: { depth: 4, repository: '.' } });
    expect(again.id).toBe(jobs[0]?.id);
  });

  test('gives the same job also when a newer version of the workflow would not take the request any more', async () => {
    await api.saveWorkflow(DEMO.replace('slug: demo', 'slug: moving'));
    const moving = { ...request, workflow: 'moving', input: { repository: '.' }, idempotencyKey: 'moving' };
    const { id } = await create(moving);
    await api.saveWorkflow(
      DEMO.replace('slug: demo', 'slug: moving').replace(
        'required: [repository]',
        'required: [repository, depth, more]',
      ),
    );
    expect(await create(moving)).toMatchObject({ __typename: 'Job', id });
    expect(await create({ ...moving, idempotencyKey: 'other' })).toMatchObject({ __typename: 'InvalidInput' });
  });

  test('is a Conflict for another request, which tells what the first job allows', async () => {
    const conflict = await create({ ...request, input: { repository: '/other' } });
    expect(conflict).toMatchObject({ __typename: 'Conflict', code: 'CONFLICT', allowed: ['CANCEL', 'SET_PRIORITY'] });
    expect(conflict.message).toContain('once');
  });
});
