import { startChildJob } from '@signalbox/db/child-jobs';
import type { ClaimedJob } from '@signalbox/db/executions';
import { storeWait, type WaitingAttempt, waitWithHeldJob } from '@signalbox/db/waits';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

const db = () => api.services.db;

/** A held job whose first step has started. */
async function started(): Promise<{ job: ClaimedJob; waiting: WaitingAttempt }> {
  const job = await api.worker.claim(await api.newJob());
  await api.worker.start(job, 'history');
  const stepId = job.steps[0]?.id ?? '';
  const waiting = { stepId, attempt: 1, timeLeftMs: null, microUsd: '0', inputTokens: '0', outputTokens: '0' };
  return { job, waiting };
}

/** A WAITING job whose first step asks for this. */
async function asking(form: object | null = null): Promise<string> {
  const { job, waiting } = await started();
  const lease = { jobId: job.id, epoch: job.epoch };
  await storeWait(db(), lease, {
    ...waiting,
    kind: 'APPROVAL',
    until: null,
    approval: { message: 'Publish it?', form },
  });
  await waitWithHeldJob(db(), lease, 0, []);
  return job.id;
}

interface Decided {
  decideApproval: {
    __typename: string;
    status?: string;
    message?: string;
    allowed?: string[];
    issues?: { path: string; message: string }[];
    step?: { approval: object };
  };
}

async function decide(variables: {
  jobId: string;
  stepKey?: string;
  approve?: boolean;
  comment?: string;
  form?: object;
}) {
  const { data } = await api.query<Decided>(
    `mutation ($jobId: ID!, $stepKey: String!, $approve: Boolean!, $comment: String, $form: JSONObject) {
      decideApproval(jobId: $jobId, stepKey: $stepKey, approve: $approve, comment: $comment, form: $form) {
        __typename
        ... on Job { status step(key: "history") { approval { approved comment answer decidedBy decidedAt } } }
        ... on InvalidInput { issues { path message } }
        ... on Conflict { allowed }
        ... on Error { message }
      }
    }`,
    { stepKey: 'history', approve: true, ...variables },
  );
  return data.decideApproval;
}

interface Shown {
  status: string;
  waitingFor: { reason: string; message: string } | null;
  allowedActions: string[];
  step: { status: string; waitUntil: string | null; approval: object | null; childJob: object | null };
}

async function show(id: string): Promise<Shown> {
  const { data } = await api.query<{ job: Shown }>(
    `query ($id: ID!) { job(id: $id) { status waitingFor { reason message } allowedActions
      step(key: "history") { status waitUntil approval { message form approved decidedAt }
        childJob { id parent { id } parentStep { key job { id } } } } } }`,
    { id },
  );
  return data.job;
}

describe('a step that waits for an approval', () => {
  test('shows what it asks, and its job says why it waits', async () => {
    const form = { type: 'object', properties: { zeta: { type: 'string' }, alpha: { type: 'string' } } };
    const id = await asking(form);
    const shown = await show(id);
    expect(shown).toMatchObject({
      status: 'WAITING',
      allowedActions: ['CANCEL', 'SET_PRIORITY'],
      waitingFor: {
        reason: 'APPROVAL',
        message: 'The step "history" waits for an approval: Publish it? Approve or reject it.',
      },
      step: {
        status: 'WAITING',
        waitUntil: null,
        approval: { message: 'Publish it?', form, approved: null, decidedAt: null },
      },
    });
    // In the order in which it was written.
    expect(JSON.stringify(shown.step.approval)).toContain('"zeta":{"type":"string"},"alpha"');
  });

  test('is decided once; the job is queued, and who, when and why is kept', async () => {
    const id = await asking();
    expect(await decide({ jobId: id, comment: ' fine ' })).toEqual({
      __typename: 'Job',
      status: 'QUEUED',
      step: {
        approval: {
          approved: true,
          comment: 'fine',
          answer: null,
          decidedBy: 'local user',
          decidedAt: expect.any(String),
        },
      },
    });
    expect(await decide({ jobId: id, approve: false })).toMatchObject({
      __typename: 'Conflict',
      message: expect.stringContaining('decided already'),
      allowed: ['CANCEL', 'SET_PRIORITY'],
    });
    const { data } = await api.query<{ job: { logs: { edges: { node: object }[] } } }>(
      `query ($id: ID!) { job(id: $id) { logs(last: 1) { edges { node { message stream level stepKey attempt } } } } }`,
      { id },
    );
    expect(data.job.logs.edges[0]?.node).toEqual({
      message: 'Approved by local user: fine',
      stream: 'SYSTEM',
      level: 'SUCCESS',
      stepKey: 'history',
      attempt: 1,
    });
  });

  test('takes no form that does not fit, and says where', async () => {
    const id = await asking({ type: 'object', required: ['version'], properties: { version: { type: 'string' } } });
    expect(await decide({ jobId: id, form: { version: 1 } })).toMatchObject({
      __typename: 'InvalidInput',
      issues: [{ path: '/version' }],
    });
    expect(await decide({ jobId: id, comment: 'x'.repeat(4_001) })).toMatchObject({ issues: [{ path: '/comment' }] });
    expect(await decide({ jobId: id, form: { version: '2' } })).toMatchObject({
      step: { approval: { answer: { version: '2' } } },
    });
  });

  test('is not found under another key, and a job that does not wait is a Conflict', async () => {
    const id = await asking();
    expect(await decide({ jobId: id, stepKey: 'histroy' })).toMatchObject({
      __typename: 'NotFound',
      message: expect.stringContaining('Did you mean "history"?'),
    });
    expect(await decide({ jobId: 'none' })).toMatchObject({ __typename: 'NotFound' });
    expect(await decide({ jobId: await api.newJob() })).toMatchObject({ __typename: 'Conflict' });
  });
});

test('a step that waits for a time says until when', async () => {
  const { job, waiting } = await started();
  const until = new Date(Date.now() + 3_600_000);
  await storeWait(db(), { jobId: job.id, epoch: job.epoch }, { ...waiting, kind: 'TIME', until, approval: null });
  await waitWithHeldJob(db(), { jobId: job.id, epoch: job.epoch }, 0, []);
  expect(await show(job.id)).toMatchObject({
    waitingFor: { reason: 'TIME', message: `The step "history" waits until ${until.toISOString()}.` },
    step: { waitUntil: until.toISOString(), approval: null },
  });
});

test('a job within a job is told both ways, and a cancel of the outer one reaches it', async () => {
  const { job, waiting } = await started();
  const lease = { jobId: job.id, epoch: job.epoch };
  const child = await startChildJob(db(), lease, waiting, { workflow: api.workflow, input: { repository: '.' } });
  await waitWithHeldJob(db(), lease, 0, []);
  const shown = await show(job.id);
  expect(shown.waitingFor).toEqual({
    reason: 'JOB',
    message: `The step "history" waits for the job ${child} of the workflow "demo".`,
  });
  expect(shown.step.childJob).toEqual({
    id: child,
    parent: { id: job.id },
    parentStep: { key: 'history', job: { id: job.id } },
  });
  await api.query('mutation ($id: ID!) { cancelJob(id: $id) { __typename } }', { id: job.id });
  expect((await show(job.id)).status).toBe('CANCELLED');
  expect((await show(child ?? '')).status).toBe('CANCELLED');
});

test('a workflow that runs one which does not exist is refused with the place and a suggestion', async () => {
  const source = `slug: outer\nsteps:\n  - key: a\n    type: workflow\n    with: { workflow: dmeo }\n  - key: b\n    type: workflow\n    with: { workflow: outer }\n  - key: c\n    type: workflow\n    with: { workflow: "\${{ input.which }}" }\n`;
  const { data } = await api.query<{ validateWorkflow: object }>(
    `query ($source: String!) { validateWorkflow(source: $source) { issues { path message line column } } }`,
    { source },
  );
  expect(data.validateWorkflow).toEqual({
    issues: [
      {
        path: '/steps/0/with/workflow',
        message: 'There is no workflow "dmeo". Did you mean "demo"?',
        line: 5,
        column: 23,
      },
    ],
  });
});
