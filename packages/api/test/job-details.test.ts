import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
  await api.saveWorkflow('slug: noted\nsteps: [{ key: a, type: command, with: { run: "true" } }]\n');
});
afterAll(() => api.close());

const UPDATE = `mutation ($id: ID!, $subject: String, $labels: [String!]) {
  updateJob(id: $id, subject: $subject, labels: $labels) {
    __typename
    ... on Job { subject labels }
    ... on InvalidInput { issues { path } }
    ... on Error { message }
  }
}`;

async function createJob(): Promise<string> {
  const { data } = await api.query<{ createJob: { id: string } }>(
    'mutation ($input: CreateJobInput!) { createJob(input: $input) { ... on Job { id } } }',
    { input: { workflow: 'noted', subject: 'acme', labels: ['eu'] } },
  );
  return data.createJob.id;
}

const update = async (variables: object) => (await api.query<{ updateJob: object }>(UPDATE, variables)).data.updateJob;

test('the subject and the labels of a job change in any state, and what is left out stays (requirement 26)', async () => {
  const id = await createJob();
  expect(await update({ id, labels: ['eu', 'nightly', 'nightly'] })).toEqual({
    __typename: 'Job',
    subject: 'acme',
    labels: ['eu', 'nightly'],
  });
  await api.query('mutation ($id: ID!) { cancelJob(id: $id) { __typename } }', { id });
  expect(await update({ id, subject: 'globex' })).toMatchObject({ subject: 'globex', labels: ['eu', 'nightly'] });
  expect(await update({ id, subject: null, labels: [] })).toMatchObject({ subject: null, labels: [] });
});

test('notes that are too long are told at their places, and an unknown job is NotFound', async () => {
  const id = await createJob();
  expect(await update({ id, subject: 'x'.repeat(501), labels: [''] })).toMatchObject({
    __typename: 'InvalidInput',
    issues: [{ path: '/subject' }, { path: '/labels/0' }],
  });
  expect(await update({ id: 'nobody', subject: 'x' })).toMatchObject({ __typename: 'NotFound' });
});

test('only a real change is an event for those who watch', async () => {
  const id = await createJob();
  const events = async () =>
    (await api.services.db.pool.query('SELECT FROM job_event WHERE job_id = $1', [id])).rowCount;
  const before = await events();
  await update({ id, subject: 'acme', labels: ['eu'] });
  expect(await events()).toBe(before);
  await update({ id, subject: 'globex' });
  expect(await events()).toBe((before ?? 0) + 1);
});
