import { requestCancel } from '@signalbox/db/cancel';
import { pauseHeldJob, requestPause } from '@signalbox/db/pause';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture, TENANT } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

const db = () => api.services.db;

/** Every state that a job can be in, with the marks that change what it allows. */
const STATES = {
  CREATED: () => api.newJob({ start: false }),
  QUEUED: () => api.newJob(),
  async 'QUEUED, pausing'() {
    const id = await api.newJob();
    const job = await api.worker.claim(id);
    await requestPause(db(), TENANT, id);
    await db().pool.query(`UPDATE job SET status = 'QUEUED', epoch = epoch + 1 WHERE id = $1`, [job.id]);
    return id;
  },
  RUNNING: running,
  async 'RUNNING, pausing'() {
    const id = await running();
    await requestPause(db(), TENANT, id);
    return id;
  },
  async 'RUNNING, cancelling'() {
    const id = await running();
    await requestCancel(db(), TENANT, id, false);
    return id;
  },
  async WAITING() {
    const id = await running();
    await db().pool.query(`UPDATE job SET status = 'WAITING' WHERE id = $1`, [id]);
    return id;
  },
  async PAUSED() {
    const id = await api.newJob();
    const { epoch } = await api.worker.claim(id);
    await requestPause(db(), TENANT, id);
    await pauseHeldJob(db(), { jobId: id, epoch });
    return id;
  },
  async COMPLETED() {
    const id = await api.newJob();
    await api.worker.finish(id);
    return id;
  },
  async FAILED() {
    const id = await api.newJob();
    await api.worker.fail(id);
    return id;
  },
  async CANCELLED() {
    const id = await api.newJob();
    await requestCancel(db(), TENANT, id, false);
    return id;
  },
};
type State = keyof typeof STATES;

async function running(): Promise<string> {
  const id = await api.newJob();
  await api.worker.claim(id);
  return id;
}

const VERBS = {
  startJob: 'startJob(id: $id)',
  cancelJob: 'cancelJob(id: $id)',
  pauseJob: 'pauseJob(id: $id)',
  resumeJob: 'resumeJob(id: $id)',
  retryJob: 'retryJob(id: $id)',
  rerunJob: 'rerunJob(id: $id)',
  forkJob: 'forkJob(id: $id, fromStep: "summary")',
  setJobPriority: 'setJobPriority(id: $id, priority: LOW)',
  failJob: 'failJob(id: $id, reason: "nobody takes it")',
  deleteJob: 'deleteJob(id: $id)',
};
type Verb = keyof typeof VERBS;

/** What a verb answers in a state, written by hand from the design; a state that is missing is a Conflict. */
const ANSWERS: Record<Verb, Partial<Record<State, string>>> = {
  startJob: { CREATED: 'QUEUED' },
  cancelJob: {
    CREATED: 'CANCELLED',
    QUEUED: 'CANCELLED',
    'QUEUED, pausing': 'CANCELLED',
    RUNNING: 'RUNNING',
    'RUNNING, pausing': 'RUNNING',
    'RUNNING, cancelling': 'RUNNING',
    WAITING: 'CANCELLED',
    PAUSED: 'CANCELLED',
  },
  pauseJob: { RUNNING: 'RUNNING', 'RUNNING, pausing': 'RUNNING' },
  resumeJob: { 'QUEUED, pausing': 'QUEUED', 'RUNNING, pausing': 'RUNNING', PAUSED: 'QUEUED', FAILED: 'QUEUED' },
  retryJob: { FAILED: 'QUEUED', CANCELLED: 'QUEUED' },
  rerunJob: { COMPLETED: 'QUEUED', FAILED: 'QUEUED', CANCELLED: 'QUEUED' },
  forkJob: { COMPLETED: 'QUEUED', FAILED: 'QUEUED', CANCELLED: 'QUEUED' },
  setJobPriority: {
    CREATED: 'CREATED',
    QUEUED: 'QUEUED',
    'QUEUED, pausing': 'QUEUED',
    WAITING: 'WAITING',
    PAUSED: 'PAUSED',
  },
  failJob: { QUEUED: 'FAILED', 'QUEUED, pausing': 'FAILED' },
  deleteJob: { COMPLETED: 'gone', FAILED: 'gone', CANCELLED: 'gone' },
};

/** What each state allows, and so what every Conflict in it says. */
const ALLOWED: Record<State, string[]> = {
  CREATED: ['START', 'CANCEL', 'SET_PRIORITY'],
  QUEUED: ['CANCEL', 'SET_PRIORITY'],
  'QUEUED, pausing': ['RESUME', 'CANCEL', 'SET_PRIORITY'],
  RUNNING: ['PAUSE', 'CANCEL', 'FORCE_CANCEL'],
  'RUNNING, pausing': ['RESUME', 'CANCEL', 'FORCE_CANCEL'],
  'RUNNING, cancelling': ['FORCE_CANCEL'],
  WAITING: ['CANCEL', 'SET_PRIORITY'],
  PAUSED: ['RESUME', 'CANCEL', 'SET_PRIORITY'],
  COMPLETED: ['RERUN', 'FORK', 'DELETE'],
  FAILED: ['RESUME', 'RETRY', 'RERUN', 'FORK', 'DELETE'],
  CANCELLED: ['RETRY', 'RERUN', 'FORK', 'DELETE'],
};

interface Answer {
  __typename: string;
  id?: string;
  status?: string;
  allowed?: string[];
  message?: string;
}

async function press(verb: Verb, id: string): Promise<Answer> {
  const thing = verb === 'deleteJob' ? '... on DeletedJob { id }' : '... on Job { id status }';
  const { data, errors } = await api.query<{ answer: Answer }>(
    `mutation ($id: ID!) { answer: ${VERBS[verb]} { __typename ${thing} ... on Conflict { allowed } ... on Error { message } } }`,
    { id },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.answer;
}

async function stateOf(id: string) {
  const { data } = await api.query<{ job: { status: string; allowedActions: string[]; updatedAt: string } | null }>(
    'query ($id: ID!) { job(id: $id) { status allowedActions updatedAt } }',
    { id },
  );
  return data.job;
}

const states = Object.keys(STATES) as State[];
const verbs = Object.keys(VERBS) as Verb[];

test.each(states)('a job that is %s offers what the design says', async (state) => {
  expect((await stateOf(await STATES[state]()))?.allowedActions).toEqual(ALLOWED[state]);
});

describe.each(verbs)('%s', (verb) => {
  test.each(states.filter((state) => ANSWERS[verb][state]))('is done to a job that is %s', async (state) => {
    const answer = await press(verb, await STATES[state]());
    const expected = ANSWERS[verb][state];
    expect(answer).toMatchObject(
      expected === 'gone' ? { __typename: 'DeletedJob' } : { __typename: 'Job', status: expected },
    );
  });

  test.each(states.filter((state) => !ANSWERS[verb][state]))(
    'is a Conflict for a job that is %s, which says what is allowed and changes nothing',
    async (state) => {
      const id = await STATES[state]();
      const before = await stateOf(id);
      const answer = await press(verb, id);
      const named = state === 'RUNNING, cancelling' ? /being cancelled|RUNNING/ : new RegExp(state.split(',')[0] ?? '');
      expect(answer).toEqual({
        __typename: 'Conflict',
        allowed: ALLOWED[state],
        message: expect.stringMatching(named),
      });
      expect(await stateOf(id)).toEqual(before);
    },
  );

  test('is NotFound for an unknown id', async () => {
    expect(await press(verb, '01a202b4-7206-77f7-9122-83343e079a66')).toMatchObject({ __typename: 'NotFound' });
  });
});

test('a queued job keeps its age when its priority changes, back to the usual one too', async () => {
  const id = await STATES.QUEUED();
  // Its head start, in minutes, is set off against when it was queued.
  const task = async () => {
    const text = `SELECT task.priority, round(extract(epoch FROM job.queued_at - task.run_at) / 60)::int AS "headStart"
      FROM job JOIN graphile_worker.jobs task ON task.key = 'job:' || job.id WHERE job.id = $1`;
    return (await db().pool.query(text, [id])).rows[0];
  };
  await db().pool.query(`UPDATE job SET queued_at = queued_at - interval '1 hour' WHERE id = $1`, [id]);
  const prioritise = (priority: string) =>
    api.query(
      'mutation ($id: ID!, $priority: JobPriority!) { setJobPriority(id: $id, priority: $priority) { ... on Job { priority } } }',
      { id, priority },
    );
  expect((await prioritise('CRITICAL')).data).toEqual({ setJobPriority: { priority: 'CRITICAL' } });
  expect(await task()).toEqual({ priority: -20, headStart: 0 });
  await prioritise('MEDIUM');
  expect(await task()).toEqual({ priority: 0, headStart: 5 });
});

test('a job that is failed by hand says why, in its error and its log, and can be retried', async () => {
  const id = await STATES.QUEUED();
  await press('failJob', id);
  const { data } = await api.query(
    'query ($id: ID!) { job(id: $id) { error { message category step { key } } steps { status skippedBecause } logs(last: 1) { edges { node { level stream message } } } } }',
    { id },
  );
  const message = 'Marked as failed by hand: nobody takes it';
  const skipped = { status: 'SKIPPED', skippedBecause: 'the job was marked as failed by hand' };
  expect(data).toEqual({
    job: {
      error: { message, category: 'CONFIGURATION', step: null },
      steps: [skipped, skipped],
      logs: { edges: [{ node: { level: 'ERROR', stream: 'SYSTEM', message } }] },
    },
  });
  const { rows } = await db().pool.query('SELECT 1 FROM graphile_worker.jobs WHERE key = $1', [`job:${id}`]);
  expect(rows).toEqual([]);
  expect(await press('retryJob', id)).toMatchObject({ status: 'QUEUED' });
  const empty = await api.query(
    'mutation ($id: ID!) { failJob(id: $id, reason: "  ") { __typename ... on InvalidInput { issues { path } } } }',
    { id },
  );
  expect(empty.data).toEqual({ failJob: { __typename: 'InvalidInput', issues: [{ path: '/reason' }] } });
});
