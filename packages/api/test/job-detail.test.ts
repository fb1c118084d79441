import { newId } from '@signalbox/db/ids';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

async function read<Data>(id: string, selection: string): Promise<Data> {
  const { data, errors } = await api.query<{ job: Data }>(`query ($id: ID!) { job(id: $id) ${selection} }`, { id });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.job;
}

test('a running job tells its progress, its current step and who holds it', async () => {
  const id = await api.newJob();
  const held = await api.worker.claim(id);
  await api.worker.start(held, 'history', { run: 'git log' });
  await api.worker.record(held, { currentStepKey: 'history', stepPercent: 50 });
  expect(
    await read(
      id,
      `{ status progress { completedSteps totalSteps percent expectedCompletionAt currentStep { key name job { id } } }
         executions { worker queue completedAt outcome } step(key: "history") { status uses attemptNumber input attempts { number status } }
         missing: step(key: "nope") { key } durationMs }`,
    ),
  ).toEqual({
    status: 'RUNNING',
    progress: {
      completedSteps: 0,
      totalSteps: 2,
      percent: 25,
      expectedCompletionAt: null,
      currentStep: { key: 'history', name: 'Read the history', job: { id } },
    },
    executions: [{ worker: 'stand-in', queue: 'default', completedAt: null, outcome: null }],
    step: {
      status: 'RUNNING',
      uses: 'git',
      attemptNumber: 1,
      input: { run: 'git log' },
      attempts: [{ number: 1, status: 'RUNNING' }],
    },
    missing: null,
    durationMs: expect.any(Number),
  });
});

test('a completed job has its output, its cost and 100 percent', async () => {
  const id = await api.newJob();
  const held = await api.worker.claim(id);
  await api.worker.start(held, 'history');
  await api.worker.complete(held, 'history', { stdout: 'abc' }, 1);
  await api.worker.record(held, {
    completedSteps: 2,
    closed: [
      { stepId: held.steps[1]?.id as string, status: 'SKIPPED', because: 'its condition was false', error: null },
    ],
  });
  await api.worker.settle(held, { status: 'COMPLETED', output: { text: 'done' }, error: null }, 2);
  expect(
    await read(
      id,
      `{ status output progress { percent completedSteps currentStep { key } } cost { microUsd inputTokens outputTokens }
         steps { key index status output skippedBecause cost { microUsd } } executions { outcome } allowedActions error { message } }`,
    ),
  ).toEqual({
    status: 'COMPLETED',
    output: { text: 'done' },
    progress: { percent: 100, completedSteps: 2, currentStep: null },
    cost: { microUsd: 1500, inputTokens: 20, outputTokens: 7 },
    steps: [
      {
        key: 'history',
        index: 0,
        status: 'COMPLETED',
        output: { stdout: 'abc' },
        skippedBecause: null,
        cost: { microUsd: 1500 },
      },
      {
        key: 'summary',
        index: 1,
        status: 'SKIPPED',
        output: null,
        skippedBecause: 'its condition was false',
        cost: { microUsd: 0 },
      },
    ],
    executions: [{ outcome: 'completed' }],
    allowedActions: ['RERUN', 'FORK', 'DELETE'],
    error: null,
  });
});

test('a failed job tells what failed and in which step', async () => {
  const id = await api.newJob();
  const held = await api.worker.claim(id);
  await api.worker.start(held, 'history');
  await api.worker.record(held, {
    ended: [
      {
        stepId: held.steps[0]?.id as string,
        attempt: 1,
        status: 'FAILED',
        output: null,
        error: { message: 'exit code 1', category: 'PROCESS' },
        microUsd: '0',
        inputTokens: '0',
        outputTokens: '0',
      },
    ],
  });
  await api.worker.settle(held, {
    status: 'FAILED',
    output: null,
    error: { message: 'exit code 1', category: 'PROCESS', stepKey: 'history' },
  });
  const error = { message: 'exit code 1', category: 'PROCESS', step: { key: 'history' } };
  expect(
    await read(
      id,
      `{ error { message category step { key } } steps { error { message category step { key } } attempts { status error { message category step { key } } } } }`,
    ),
  ).toEqual({
    error,
    steps: [
      { error, attempts: [{ status: 'FAILED', error }] },
      { error: null, attempts: [] },
    ],
  });
});

test('numbers beyond those that JSON readers keep exact are told as text', async () => {
  const id = await api.newJob();
  await api.services.db.pool.query('UPDATE job_step SET micro_usd = 9007199254740993 WHERE job_id = $1 AND index = 0', [
    id,
  ]);
  expect(await read(id, '{ cost { microUsd inputTokens } }')).toEqual({
    cost: { microUsd: '9007199254740993', inputTokens: 0 },
  });
});

test('a run time beyond what Int can say stays at its end', async () => {
  const id = await api.newJob();
  await api.worker.claim(id);
  await api.services.db.pool.query(`UPDATE job SET started_at = now() - interval '60 days' WHERE id = $1`, [id]);
  expect(await read(id, '{ durationMs }')).toEqual({ durationMs: 2147483647 });
});

describe('node', () => {
  const find = async (id: string) =>
    (
      await api.query(
        'query ($id: ID!) { node(id: $id) { __typename id ... on Job { status } ... on JobStep { key } ... on Workflow { slug } ... on Artifact { name url } } }',
        { id },
      )
    ).data;

  test('finds jobs, steps, workflows and artifacts by their own ids', async () => {
    const id = await api.newJob();
    const { rows } = await api.services.db.pool.query<{ id: string; tenant_id: string }>(
      'SELECT id, tenant_id FROM job_step WHERE job_id = $1 AND index = 0',
      [id],
    );
    const artifact = newId();
    await api.services.db.pool.query(
      `INSERT INTO artifact (id, tenant_id, job_id, step_id, name, content_type, size_bytes, storage_key) VALUES ($1, $2, $3, $4, 'report.md', 'text/markdown', 3, 'k')`,
      [artifact, rows[0]?.tenant_id, id, rows[0]?.id],
    );
    expect(await find(id)).toEqual({ node: { __typename: 'Job', id, status: 'QUEUED' } });
    expect(await find(rows[0]?.id as string)).toEqual({
      node: { __typename: 'JobStep', id: rows[0]?.id, key: 'history' },
    });
    expect(await find(api.workflow.workflowId)).toEqual({
      node: { __typename: 'Workflow', id: api.workflow.workflowId, slug: 'demo' },
    });
    expect(await find(artifact)).toEqual({
      node: { __typename: 'Artifact', id: artifact, name: 'report.md', url: `/artifacts/${artifact}` },
    });
    expect(
      await read(id, '{ artifacts { name contentType sizeBytes } step(key: "history") { artifacts { id } } }'),
    ).toEqual({
      artifacts: [{ name: 'report.md', contentType: 'text/markdown', sizeBytes: 3 }],
      step: { artifacts: [{ id: artifact }] },
    });
  });

  test.each(['', 'x', '01a202b4-7206-77f7-9122-83343e079a66', '\u0000'])(
    'of the unknown id %j is null, as is job',
    async (id) => {
      expect(await find(id)).toEqual({ node: null });
      expect(await read(id, '{ id }')).toBeNull();
    },
  );
});

describe('logs', () => {
  let id: string;
  beforeAll(async () => {
    id = await api.newJob();
    const held = await api.worker.claim(id);
    await api.worker.log(held, ['one', 'two'], 'history');
    await api.worker.log(held, ['three 100%'], 'summary', 'WARNING');
    await api.worker.log(held, ['FOUR', 'five'], 'history', 'ERROR');
  });

  interface Logs {
    logs: {
      totalCount: number;
      edges: { cursor: string; node: { seq: number; message: string; cursor: string } }[];
      pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean };
    };
  }
  const SELECTION =
    '{ totalCount pageInfo { hasNextPage hasPreviousPage } edges { cursor node { seq message cursor level stream stepKey attempt } } }';
  const logs = async (args: string) => (await read<Logs>(id, `{ logs${args} ${SELECTION} }`)).logs;
  const messages = (page: Logs['logs']) => page.edges.map(({ node }) => node.message);

  test.each<[string, string[], number]>([
    ['', ['one', 'two', 'three 100%', 'FOUR', 'five'], 5],
    ['(last: 2)', ['FOUR', 'five'], 5],
    ['(first: 2)', ['one', 'two'], 5],
    ['(filter: { stepKey: "history" })', ['one', 'two', 'FOUR', 'five'], 4],
    ['(filter: { levels: [ERROR, WARNING] })', ['three 100%', 'FOUR', 'five'], 3],
    ['(filter: { levels: [] })', ['one', 'two', 'three 100%', 'FOUR', 'five'], 5],
    ['(filter: { search: "four" })', ['FOUR'], 1],
    ['(filter: { search: "%" })', ['three 100%'], 1],
    ['(filter: { stepKey: "history", levels: [ERROR] }, last: 1)', ['five'], 2],
    ['(filter: { stepKey: "nope" })', [], 0],
  ])('%s', async (args, expected, totalCount) => {
    const page = await logs(args);
    expect(messages(page)).toEqual(expected);
    expect(page.totalCount).toBe(totalCount);
  });

  test('are paged by cursor in both directions, and lines carry the same cursors', async () => {
    const first = await logs('(first: 2)');
    expect(first.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: false });
    const cursor = first.edges[1]?.cursor as string;
    expect(first.edges[1]?.node.cursor).toBe(cursor);
    expect(messages(await logs(`(first: 2, after: "${cursor}")`))).toEqual(['three 100%', 'FOUR']);
    const tail = await logs('(last: 2)');
    expect(tail.pageInfo).toEqual({ hasNextPage: false, hasPreviousPage: true });
    expect(messages(await logs(`(last: 2, before: "${tail.edges[0]?.cursor}")`))).toEqual(['two', 'three 100%']);
    expect(messages(await logs('(first: 2, filter: { fromSeq: 2 })'))).toEqual(['two', 'three 100%']);
    expect(messages(await logs('(last: 2, filter: { fromSeq: 2, toSeq: 3 })'))).toEqual(['two', 'three 100%']);
  });

  test('of a step are those of that step, whatever the filter says', async () => {
    const { data } = await api.query(
      'query ($id: ID!) { job(id: $id) { step(key: "summary") { logs { totalCount } other: logs(filter: { stepKey: "history" }) { totalCount edges { cursor } } } } }',
      { id },
    );
    expect(data).toEqual({ job: { step: { logs: { totalCount: 1 }, other: { totalCount: 0, edges: [] } } } });
  });

  test('with a bad cursor or too large a page are refused', async () => {
    for (const [args, code] of [
      ['after: "x"', 'BAD_CURSOR'],
      ['first: 1001', 'BAD_USER_INPUT'],
    ]) {
      const { errors } = await api.query(`query ($id: ID!) { job(id: $id) { logs(${args}) { totalCount } } }`, { id });
      expect(errors?.[0]?.extensions.code).toBe(code);
    }
  });

  test('a page of long lines ends early and says that it goes on', async () => {
    const long = await api.newJob();
    const held = await api.worker.claim(long);
    await api.worker.log(
      held,
      Array.from({ length: 12 }, (_, index) => `${index}${'x'.repeat(250_000)}`),
    );
    const { logs: page } = await read<Logs>(
      long,
      '{ logs { totalCount pageInfo { hasNextPage } edges { node { seq } } } }',
    );
    expect(page.totalCount).toBe(12);
    expect(page.edges.length).toBeLessThan(12);
    expect(page.pageInfo.hasNextPage).toBe(true);
  });
});

test('the items of a forEach step stand behind it, in the list and over the edges of pages', async () => {
  const source = `slug: items
steps:
  - { key: each, name: Each, type: command, forEach: [a, null], maxParallel: 1, with: { program: echo, args: ['\${{ item }}'] } }
  - { key: after, type: command, with: { run: 'true' } }
`;
  const id = await api.newJob({ workflow: await api.saveWorkflow(source), input: {} });
  const held = await api.worker.claim(id);
  const item = (index: number, value: string | null) => {
    return { id: newId(), key: `each[${index}]`, name: `Each[${index}]`, position: index + 1, item: value };
  };
  const expanded = [{ stepId: held.steps[0]?.id ?? '', items: [item(0, 'a'), item(1, null)] }];
  await api.worker.record(held, { expanded, totalSteps: 4 });
  await api.worker.record(held, { expanded, totalSteps: 4 });
  const selection = '{ key name index itemIndex item status }';
  const all = [
    { key: 'each', name: 'Each', index: 0, itemIndex: null, item: null, status: 'RUNNING' },
    { key: 'each[0]', name: 'Each[0]', index: 0, itemIndex: 0, item: 'a', status: 'PENDING' },
    { key: 'each[1]', name: 'Each[1]', index: 0, itemIndex: 1, item: null, status: 'PENDING' },
    { key: 'after', name: 'after', index: 1, itemIndex: null, item: null, status: 'PENDING' },
  ];
  expect(await read(id, `{ progress { totalSteps } steps ${selection} step(key: "each[1]") { key } }`)).toEqual({
    progress: { totalSteps: 4 },
    steps: all,
    step: { key: 'each[1]' },
  });
  interface Page {
    stepsConnection: { edges: { cursor: string; node: (typeof all)[0] }[] };
  }
  const page = async (args: string) =>
    (await read<Page>(id, `{ stepsConnection(${args}) { edges { cursor node ${selection} } } }`)).stepsConnection.edges;
  const seen: (typeof all)[0][] = [];
  for (let after = ''; seen.length < all.length; ) {
    const [edge] = await page(`first: 1${after && `, after: "${after}"`}`);
    if (!edge) break;
    seen.push(edge.node);
    after = edge.cursor;
  }
  expect(seen).toEqual(all);
  const [, , third] = await page('first: 3');
  expect((await page(`last: 5, before: "${third?.cursor}"`)).map(({ node }) => node.key)).toEqual(['each', 'each[0]']);
  const { data } = await api.query('{ workflow(slug: "items") { steps { forEach maxParallel } } }');
  expect(data).toEqual({
    workflow: {
      steps: [
        { forEach: ['a', null], maxParallel: 1 },
        { forEach: null, maxParallel: null },
      ],
    },
  });
});

test('steps are paged in timeline order', async () => {
  const steps = Array.from(
    { length: 60 },
    (_, index) => `  - { key: s${index}, type: command, with: { run: 'true' } }`,
  );
  const workflow = await api.saveWorkflow(`slug: many-steps\nsteps:\n${steps.join('\n')}`);
  const id = await api.newJob({ workflow, input: {} });
  interface Steps {
    stepsConnection: {
      totalCount: number;
      edges: { node: { key: string } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  }
  const page = async (args: string) =>
    (
      await read<Steps>(
        id,
        `{ stepsConnection${args} { totalCount edges { node { key } } pageInfo { hasNextPage endCursor } } }`,
      )
    ).stepsConnection;
  const first = await page('');
  expect(first).toMatchObject({ totalCount: 60, pageInfo: { hasNextPage: true } });
  expect(first.edges.map(({ node }) => node.key)).toEqual(Array.from({ length: 50 }, (_, index) => `s${index}`));
  const rest = await page(`(first: 50, after: "${first.pageInfo.endCursor}")`);
  expect(rest.edges.map(({ node }) => node.key)).toEqual(Array.from({ length: 10 }, (_, index) => `s${50 + index}`));
  expect((await page('(last: 1)')).edges).toEqual([{ node: { key: 's59' } }]);
});
