import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { validate } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROUTES } from '../src/rest/routes.ts';
import { schema } from '../src/schema.ts';
import { type ApiFixture, createApiFixture, TENANT } from './fixture.ts';

interface Operation {
  operationId: string;
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
type OpenApi = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
};

let api: ApiFixture;
let openApi: OpenApi;
let token: string;
beforeAll(async () => {
  api = await createApiFixture({ auth: { mode: 'token' } });
  token = await api.newToken('ADMIN');
  await api.worker.register(TENANT, ['command', 'prompt']);
  openApi = (await (await fetch(`${api.url}/api/v1/openapi.json`)).json()) as OpenApi;
});
afterAll(() => api.close());

interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${api.url}/api/v1${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

/** What is wrong with an answer by the OpenAPI document; nothing when it keeps its word. */
function broken(operationId: string, { body, headers, status }: Answer): unknown {
  const operation = Object.values(openApi.paths)
    .flatMap((path) => Object.values(path))
    .find((candidate) => candidate.operationId === operationId);
  const type = headers.get('content-type')?.split(';')[0] ?? '';
  const promised = operation?.responses[status];
  const ofAnswer =
    type === 'application/problem+json' ? { $ref: '#/components/schemas/Problem' } : promised?.content?.[type]?.schema;
  if (!promised || !ofAnswer) return `${operationId} does not promise ${status} ${type}`;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const check = ajv.compile({ ...ofAnswer, components: openApi.components });
  return check(body) ? undefined : check.errors;
}

test('every route is an operation that the schema knows, and the OpenAPI document is valid 3.1', async () => {
  for (const { document, path } of ROUTES) expect(validate(schema, document), path).toEqual([]);
  expect(openApi.openapi).toBe('3.1.0');
  expect(await new Validator().validate(openApi)).toEqual({ valid: true });
  expect(Object.values(openApi.paths).flatMap((path) => Object.keys(path))).toHaveLength(ROUTES.length);
});

test('a job is made, read, listed and steered over plain HTTP, and each answer is as OpenAPI says', async () => {
  const created = await call('POST', '/jobs', { workflow: 'demo', input: { repository: '.' }, labels: ['by rest'] });
  expect(created.status).toBe(201);
  expect(broken('createJob', created)).toBeUndefined();
  const id = String(created.body.id);
  expect(created.headers.get('location')).toBe(`/api/v1/jobs/${id}`);
  const held = await api.worker.claim(id);
  await api.worker.log(held, ['one', 'two'], 'history', 'WARNING');
  await api.worker.log(held, ['three']);
  const [job, list, steps, step, logs] = await Promise.all([
    call('GET', `/jobs/${id}`),
    call('GET', '/jobs?labels=by%20rest&status=RUNNING,FAILED&first=5'),
    call('GET', `/jobs/${id}/steps`),
    call('GET', `/jobs/${id}/steps/history`),
    call('GET', `/jobs/${id}/logs?levels=WARNING&last=1`),
  ]);
  expect(job.body).toMatchObject({ id, status: 'RUNNING', input: { depth: 3 }, workflow: { slug: 'demo' } });
  expect(list.body).toMatchObject({ totalCount: 1, items: [{ id }], pageInfo: { hasNextPage: false } });
  expect(steps.body).toMatchObject({ totalCount: 2, items: [{ key: 'history' }, { key: 'summary' }] });
  expect(step.body).toMatchObject({ key: 'history', input: null });
  expect(logs.body).toMatchObject({ totalCount: 2, items: [{ message: 'two', seq: 2 }] });
  for (const [operation, answer] of Object.entries({
    getJob: job,
    listJobs: list,
    listSteps: steps,
    getStep: step,
    listLogLines: logs,
  }))
    expect(broken(operation, answer), operation).toBeUndefined();
  await api.worker.settle(held, {
    status: 'FAILED',
    output: null,
    error: { message: 'no', category: 'PROCESS', stepKey: null },
  });
  const retried = await call('POST', `/jobs/${id}/retry`);
  expect([retried.status, retried.body.status, broken('retryJob', retried)]).toEqual([200, 'QUEUED', undefined]);
  const cancelled = await call('POST', `/jobs/${id}/cancel`, { force: true });
  expect([cancelled.status, cancelled.body.status]).toEqual([200, 'CANCELLED']);
  const again = await call('POST', `/jobs/${id}/rerun`);
  expect([again.status, again.headers.get('location')]).toEqual([201, `/api/v1/jobs/${String(again.body.id)}`]);
  const deleted = await call('DELETE', `/jobs/${id}`);
  expect([deleted.status, deleted.body, broken('deleteJob', deleted)]).toEqual([200, { id }, undefined]);
});

test('the same Idempotency-Key makes one job', async () => {
  const [one, other] = await Promise.all(
    [1, 2].map(() =>
      call('POST', '/jobs', { workflow: 'demo', input: { repository: '.' } }, { 'Idempotency-Key': 'once' }),
    ),
  );
  expect(one?.body.id).toBe(other?.body.id);
});

test('workflows, workers and queues are listed, and a workflow is saved', async () => {
  const source = 'slug: by-rest\nname: By REST\nsteps:\n  - { key: a, type: command, with: { run: "true" } }\n';
  const answers = {
    saveWorkflow: await call('POST', '/workflows', { source }),
    getWorkflow: await call('GET', '/workflows/by-rest'),
    listWorkflows: await call('GET', '/workflows?search=rest'),
    listWorkers: await call('GET', '/workers'),
    listQueues: await call('GET', '/queues'),
  };
  for (const [operation, answer] of Object.entries(answers)) {
    expect(answer.status, operation).toBe(200);
    expect(broken(operation, answer), operation).toBeUndefined();
  }
  expect(answers.getWorkflow.body).toMatchObject({ slug: 'by-rest', source });
});

test.each<[status: number, code: string, method: string, path: string, body?: unknown]>([
  [404, 'NOT_FOUND', 'GET', '/jobs/nothing'],
  [404, 'NOT_FOUND', 'GET', '/nothing'],
  [404, 'NOT_FOUND', 'POST', '/jobs/nothing/cancel'],
  [404, 'NOT_FOUND', 'POST', '/jobs', { workflow: 'nothing' }],
  [405, 'METHOD_NOT_ALLOWED', 'DELETE', '/workers'],
  [422, 'INVALID_INPUT', 'POST', '/jobs', { workflow: 'demo', input: { depth: 'deep' } }],
  [400, 'BAD_USER_INPUT', 'POST', '/jobs', { workflow: 7 }],
  [400, 'BAD_USER_INPUT', 'POST', '/jobs', 'no json'],
  [400, 'BAD_USER_INPUT', 'GET', '/jobs?first=many'],
  [400, 'BAD_USER_INPUT', 'GET', '/jobs?colour=red'],
  [400, 'BAD_CURSOR', 'GET', '/jobs?after=nonsense'],
  [400, 'QUERY_TOO_EXPENSIVE', 'GET', '/jobs?first=1000000'],
  [413, 'BODY_TOO_LARGE', 'POST', '/jobs', { workflow: 'x'.repeat(1024 * 1024) }],
])('%i %s: %s %s', async (status, code, method, path, body) => {
  const answer = await call(method, path, body);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject({ status, code, detail: expect.stringMatching(/.{10}/) });
  expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'));
});

test('a move that the state does not allow is a 409 that says what is', async () => {
  const id = await api.newJob();
  const answer = await call('POST', `/jobs/${id}/retry`);
  expect([answer.status, broken('retryJob', answer)]).toEqual([409, undefined]);
  expect(answer.body).toMatchObject({ code: 'CONFLICT', allowed: expect.arrayContaining(['CANCEL']) });
});

test('a page of another site cannot call it, and a body that is no JSON is refused', async () => {
  const foreign = await fetch(`${api.url}/api/v1/jobs`, { headers: { Origin: 'https://evil.example' } });
  expect(foreign.status).toBe(403);
  const form = await call('POST', '/jobs', 'workflow=demo', { 'Content-Type': 'application/x-www-form-urlencoded' });
  expect([form.status, form.body.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
});

test('without a token it answers 401, and with one whose rights do not reach that far 403', async () => {
  const nobody = await fetch(`${api.url}/api/v1/jobs`);
  expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('Bearer')]);
  expect(await nobody.json()).toMatchObject({ code: 'UNAUTHENTICATED' });
  const reader = { Authorization: `Bearer ${await api.newToken('READ')}` };
  const refused = await call('POST', '/jobs', { workflow: 'demo', input: { repository: '.' } }, reader);
  expect([refused.status, refused.body.code]).toEqual([403, 'FORBIDDEN']);
  expect((await call('GET', '/jobs', undefined, reader)).status).toBe(200);
});
