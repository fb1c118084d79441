import { recordActivities } from '@signalbox/db/activities';
import { reserve } from '@signalbox/db/budgets';
import { recordCosts } from '@signalbox/db/costs';
import type { ClaimedJob } from '@signalbox/db/executions';
import { newId } from '@signalbox/db/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

const SPENDER = `slug: spender
budget: [{ usd: "0.50", action: pause }, { tokens: 1000, period: day }]
steps:
  - key: ask
    type: prompt
    budget: { tokens: 500 }
    with: { prompt: hello }
`;

const BUDGET = `{ scope period limitMicroUsd limitTokens spentMicroUsd spentTokens reservedMicroUsd reservedTokens action setByHand }`;

function ownerOf(job: ClaimedJob) {
  return { jobId: job.id, epoch: job.epoch, stepId: job.steps[0]?.id ?? '', attempt: 1 };
}

async function spender(): Promise<ClaimedJob> {
  const workflow = await api.saveWorkflow(SPENDER);
  return api.worker.claim(await api.newJob({ workflow }));
}

const entry = { id: '', priceVersion: 'list 1', partial: false, reservationId: null };

describe('budgets', () => {
  test('show what is spent and reserved, of the job, its step and its workflow', async () => {
    const job = await spender();
    const owner = ownerOf(job);
    const wish = { id: newId(), model: 'm', microUsd: 900n, tokens: 40, budgetStepId: owner.stepId };
    await reserve(api.services.db, owner, { ...wish, stepRule: { tokens: 500, action: 'fail' } });
    await recordCosts(api.services.db, owner, [
      { ...entry, id: newId(), model: 'm', microUsd: '120', inputTokens: '10', outputTokens: '5' },
      { ...entry, id: newId(), model: 'x/y', microUsd: null, inputTokens: '1', outputTokens: '1' },
    ]);
    const { data } = await api.query(
      `query ($id: ID!) { job(id: $id) {
        budget ${BUDGET}
        cost { microUsd inputTokens outputTokens complete unpricedModels }
        costByModel { model priceVersion calls microUsd inputTokens outputTokens estimatedCalls }
        step(key: "ask") { budget ${BUDGET} cost { complete } }
        workflow { budgets ${BUDGET} }
      } }`,
      { id: job.id },
    );
    expect(data).toEqual({
      job: {
        budget: {
          scope: 'JOB',
          period: 'ALWAYS',
          limitMicroUsd: 500000,
          limitTokens: null,
          spentMicroUsd: 120,
          spentTokens: 17,
          reservedMicroUsd: 900,
          reservedTokens: 40,
          action: 'PAUSE',
          setByHand: false,
        },
        cost: { microUsd: 120, inputTokens: 11, outputTokens: 6, complete: false, unpricedModels: ['x/y'] },
        costByModel: [
          {
            model: 'm',
            priceVersion: 'list 1',
            calls: 1,
            microUsd: 120,
            inputTokens: 10,
            outputTokens: 5,
            estimatedCalls: 0,
          },
          {
            model: 'x/y',
            priceVersion: 'list 1',
            calls: 1,
            microUsd: null,
            inputTokens: 1,
            outputTokens: 1,
            estimatedCalls: 0,
          },
        ],
        step: {
          budget: expect.objectContaining({ scope: 'STEP', limitTokens: 500, spentTokens: 17 }),
          cost: { complete: false },
        },
        workflow: {
          budgets: [expect.objectContaining({ scope: 'WORKFLOW', period: 'DAY', limitTokens: 1000, spentTokens: 17 })],
        },
      },
    });
  });

  test('can be set for a job and taken back; what is no amount is refused at its place', async () => {
    const id = await api.newJob();
    const set = (args: string) =>
      api.query<{ setJobBudget: unknown }>(
        `mutation ($id: ID!) { setJobBudget(id: $id, ${args}) { __typename ... on Job { budget { limitMicroUsd action setByHand } }
           ... on InvalidInput { issues { path } } ... on NotFound { message } } }`,
        { id },
      );
    expect((await set('usd: "2.5", action: PAUSE')).data.setJobBudget).toEqual({
      __typename: 'Job',
      budget: { limitMicroUsd: 2500000, action: 'PAUSE', setByHand: true },
    });
    expect((await set('usd: null')).data.setJobBudget).toEqual({ __typename: 'Job', budget: null });
    expect((await set('usd: "1e9", tokens: "-1"')).data.setJobBudget).toEqual({
      __typename: 'InvalidInput',
      issues: [{ path: '/usd' }, { path: '/tokens' }],
    });
    expect((await set('stepKey: "nope", usd: "1"')).data.setJobBudget).toMatchObject({ __typename: 'NotFound' });
  });

  test('can be set for the tenant', async () => {
    const set = (args: string) =>
      api.query<{ setTenantBudget: { budget: unknown } }>(
        `mutation { setTenantBudget(${args}) { ... on TenantBudget { budget { scope period limitTokens action } } } }`,
      );
    expect((await set('tokens: "5000", period: MONTH, action: WARN')).data.setTenantBudget.budget).toEqual({
      scope: 'TENANT',
      period: 'MONTH',
      limitTokens: 5000,
      action: 'WARN',
    });
    expect((await api.query('{ tenantBudget { limitTokens } }')).data).toEqual({
      tenantBudget: { limitTokens: 5000 },
    });
    expect((await set('period: MONTH')).data.setTenantBudget.budget).toBeNull();
  });
});

describe('activities of a step', () => {
  test('come in pages in their order, with what is not known as null', async () => {
    const job = await spender();
    const nothing = { error: null, microUsd: null, inputTokens: null, outputTokens: null, partial: false };
    const startedAt = new Date().toISOString();
    const turn = { ...nothing, id: newId(), parentId: null, kind: 'MODEL_TURN' as const, name: 'x/y', input: { a: 1 } };
    const call = {
      ...nothing,
      id: newId(),
      parentId: turn.id,
      kind: 'TOOL_CALL' as const,
      name: 'http.request',
      input: null,
    };
    await recordActivities(api.services.db, ownerOf(job), [
      {
        ...turn,
        status: 'COMPLETED',
        output: { text: 'hi' },
        inputTokens: '7',
        outputTokens: '2',
        startedAt,
        completedAt: startedAt,
      },
      { ...call, status: 'RUNNING', output: null, startedAt, completedAt: null },
    ]);
    const read = async (args: string) => {
      const { data } = await api.query<{ job: { step: { activities: { edges: { cursor: string }[] } } } }>(
        `query ($id: ID!) { job(id: $id) { step(key: "ask") { activities${args} { totalCount pageInfo { hasNextPage } edges { cursor
          node { id kind name status attempt parentId input output error completedAt
            cost { microUsd inputTokens outputTokens estimated } } } } } } }`,
        { id: job.id },
      );
      return data.job.step.activities;
    };
    const first = await read('(first: 1)');
    expect(first).toMatchObject({
      totalCount: 2,
      pageInfo: { hasNextPage: true },
      edges: [
        {
          node: {
            id: turn.id,
            kind: 'MODEL_TURN',
            status: 'COMPLETED',
            attempt: 1,
            parentId: null,
            input: { a: 1 },
            output: { text: 'hi' },
            cost: { microUsd: null, inputTokens: 7, outputTokens: 2, estimated: false },
          },
        },
      ],
    });
    expect(await read(`(first: 1, after: "${first.edges[0]?.cursor}")`)).toMatchObject({
      pageInfo: { hasNextPage: false },
      edges: [{ node: { id: call.id, parentId: turn.id, status: 'RUNNING', cost: null, completedAt: null } }],
    });
    expect(await read('(attempt: 2)')).toMatchObject({ totalCount: 0, edges: [] });
  });
});
