import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadWorkflowFiles } from '../src/workflow-files.ts';
import { type ApiFixture, createApiFixture, DEMO, TENANT } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

const SAVE = `mutation ($source: String!) {
  saveWorkflow(source: $source) {
    __typename
    ... on Workflow { id slug version source steps { key name type needs condition } versions { version } }
    ... on InvalidInput { issues { path message line column } }
    ... on Error { code }
  }
}`;

async function save(source: string) {
  const { data, errors } = await api.query<{ saveWorkflow: { __typename: string; id: string } }>(SAVE, { source });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.saveWorkflow;
}

const WORKFLOW = (run: string) =>
  `slug: kept\nname: Kept\nsteps:\n  - key: one\n    type: command\n    with: { run: '${run}' }\n  - key: two\n    type: command\n    if: \${{ steps.one.output.exitCode == 0 }}\n    with: { run: 'true' }\n`;

test('saving makes a workflow, then versions, and the same source again adds nothing', async () => {
  const first = await save(WORKFLOW('true'));
  expect(first).toEqual({
    __typename: 'Workflow',
    id: expect.any(String),
    slug: 'kept',
    version: 1,
    source: WORKFLOW('true'),
    steps: [
      { key: 'one', name: 'one', type: 'command', needs: [], condition: null },
      { key: 'two', name: 'two', type: 'command', needs: ['one'], condition: 'steps.one.output.exitCode == 0' },
    ],
    versions: [{ version: 1 }],
  });
  expect(await save(WORKFLOW('true'))).toMatchObject({ version: 1 });
  expect(await save(WORKFLOW('false'))).toMatchObject({
    id: first.id,
    version: 2,
    versions: [{ version: 2 }, { version: 1 }],
  });
});

test('a job goes on with the version that it froze', async () => {
  const workflow = await api.saveWorkflow(WORKFLOW('sleep 1'));
  const id = await api.newJob({ workflow, input: {} });
  const newer = await api.saveWorkflow(WORKFLOW('sleep 2'));
  const { data } = await api.query('query ($id: ID!) { job(id: $id) { workflowVersion workflow { version } } }', {
    id,
  });
  expect(data).toEqual({ job: { workflowVersion: workflow.version, workflow: { version: newer.version } } });
});

test('a malformed source is InvalidInput with pointer, line and column, and saves nothing', async () => {
  const result = await save('slug: broken\nsteps:\n  - key: one\n    typo: command\n');
  expect(result).toMatchObject({ __typename: 'InvalidInput', code: 'INVALID_INPUT' });
  expect(result).toMatchObject({
    issues: expect.arrayContaining([
      { path: '/steps/0/typo', message: expect.stringContaining('typo'), line: 4, column: expect.any(Number) },
    ]),
  });
  expect((await api.query('{ workflow(slug: "broken") { id } }')).data).toEqual({ workflow: null });
});

describe('step types', () => {
  const source = (type: string) => `slug: typed\nsteps:\n  - key: one\n    type: ${type}\n    with: {}\n`;
  const validate = async (type: string) =>
    (
      await api.query<{ validateWorkflow: { valid: boolean; issues: { message: string }[] } }>(
        'query ($source: String!) { validateWorkflow(source: $source) { valid issues { path message line } } }',
        { source: source(type) },
      )
    ).data.validateWorkflow;

  test('are not checked while no worker has advertised any, and then they are', async () => {
    expect(await validate('comand')).toEqual({ valid: true, issues: [] });
    await api.worker.register(TENANT, ['command', 'prompt']);
    expect(await validate('command')).toEqual({ valid: true, issues: [] });
    const wrong = await validate('comand');
    expect(wrong).toMatchObject({ valid: false, issues: [{ path: '/steps/0/type', line: 4 }] });
    expect(wrong.issues[0]?.message).toContain('Did you mean "command"?');
    expect(await save(source('comand'))).toMatchObject({ __typename: 'InvalidInput' });
  });

  test('and their workers can be listed', async () => {
    const { data } = await api.query(
      '{ stepTypes { type title description plugin pluginVersion configSchema outputSchema workers } workers { id name queues healthy runningJobs concurrency stepTypes } }',
    );
    expect(data).toEqual({
      stepTypes: [
        {
          type: 'command',
          title: 'The command',
          description: 'Runs a command.',
          plugin: 'test-plugin',
          pluginVersion: '1.2.3',
          configSchema: { type: 'object' },
          outputSchema: null,
          workers: 1,
        },
        expect.objectContaining({ type: 'prompt' }),
      ],
      workers: [
        {
          id: api.worker.id,
          name: 'stand-in',
          queues: ['default'],
          healthy: true,
          runningJobs: 0,
          concurrency: 4,
          stepTypes: ['command', 'prompt'],
        },
      ],
    });
  });
});

describe('the list', () => {
  interface List {
    workflows: {
      totalCount: number;
      edges: { node: { slug: string } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  }
  const list = async (args: string) =>
    (
      await api.query<List>(
        `{ workflows${args} { totalCount edges { node { slug } } pageInfo { hasNextPage endCursor } } }`,
      )
    ).data.workflows;
  const slugs = ({ edges }: List['workflows']) => edges.map(({ node }) => node.slug);

  beforeAll(async () => {
    for (const slug of ['alpha', 'beta', 'gamma']) {
      await api.saveWorkflow(
        `slug: ${slug}\nname: Name_of ${slug}\ndescription: 50% of ${slug}\nsteps: [{ key: a, type: command, with: { run: 'true' } }]`,
      );
    }
  });

  test('is in the order of the slugs and paged', async () => {
    const first = await list('(first: 2)');
    expect(slugs(first)).toEqual(['alpha', 'beta']);
    expect(first.totalCount).toBe(5);
    expect(slugs(await list(`(first: 2, after: "${first.pageInfo.endCursor}")`))).toEqual(['demo', 'gamma']);
  });

  test.each([
    ['ALPH', ['alpha']],
    ['name_of', ['alpha', 'beta', 'gamma']],
    ['50%', ['alpha', 'beta', 'gamma']],
    ['0% of b', ['beta']],
    ['%', ['alpha', 'beta', 'gamma']],
    ['x', []],
    ['reads a repository', ['demo']],
  ])('can be searched for %j', async (search, expected) => {
    const found = await list(`(search: "${search}")`);
    expect(slugs(found)).toEqual(expected);
    expect(found.totalCount).toBe(expected.length);
  });

  test.each(['(first: 101)', '(after: "x")'])('is refused with %s', async (args) => {
    const { errors } = await api.query(`{ workflows${args} { totalCount } }`);
    expect(errors?.[0]?.extensions.code).toMatch(/^BAD_/);
  });
});

describe('files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'signalbox-workflows-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const warnings = () => api.logged.filter(({ level }) => level === 40).map(({ msg }) => msg);

  test('are loaded at the start, each malformed one is one warning with its place, and the others are loaded all the same', async () => {
    await writeFile(path.join(folder, 'good.yaml'), DEMO.replace('slug: demo', 'slug: from-file'));
    await writeFile(
      path.join(folder, 'good.json'),
      JSON.stringify({ slug: 'from-json', steps: [{ key: 'a', type: 'command', with: { run: 'true' } }] }),
    );
    await writeFile(path.join(folder, 'bad.yml'), 'slug: bad\nsteps:\n  - key: one\n    tpye: command\n');
    await writeFile(path.join(folder, 'same.yaml'), DEMO.replace('slug: demo', 'slug: from-json'));
    await writeFile(path.join(folder, 'notes.txt'), 'not a workflow');
    await mkdir(path.join(folder, 'folder.yaml'));
    const before = warnings().length;
    expect(await loadWorkflowFiles(api.services, TENANT, folder)).toBe(2);
    const heard = warnings().slice(before);
    expect(heard).toHaveLength(3);
    expect(heard[0]).toMatch(/bad\.yml:\d+:\d+: .+ This workflow is not loaded\.$/);
    expect(heard[1]).toContain('folder.yaml');
    expect(heard[2]).toMatch(/same\.yaml: The slug "from-json" is taken by .*good\.json/);
    expect((await api.query('{ workflow(slug: "from-file") { name version } }')).data).toEqual({
      workflow: { name: 'Demo report', version: 1 },
    });
  });

  test('that have not changed make no new version', async () => {
    await loadWorkflowFiles(api.services, TENANT, folder);
    expect((await api.query('{ workflow(slug: "from-file") { version } }')).data).toEqual({ workflow: { version: 1 } });
  });

  test('of a folder that is not there are one warning', async () => {
    const before = warnings().length;
    expect(await loadWorkflowFiles(api.services, TENANT, path.join(folder, 'missing'))).toBe(0);
    expect(warnings().slice(before)).toEqual([expect.stringContaining('ENOENT')]);
  });
});

test('the input schema keeps the order in which its properties were written, since forms follow it', async () => {
  const properties = 'zebra: { type: string }, a: { type: string }, middle: { type: string }';
  await save(
    `{ slug: ordered, input: { type: object, properties: { ${properties} } }, steps: [{ key: one, type: command, with: { run: 'true' } }] }`,
  );
  const { data } = await api.query<{ workflow: { inputSchema: { properties: object } } }>(
    '{ workflow(slug: "ordered") { inputSchema } }',
  );
  expect(Object.keys(data.workflow.inputSchema.properties)).toEqual(['zebra', 'a', 'middle']);
});

test('whoever expects another version than the newest is told so, and overwrites nothing', async () => {
  const source = (run: string) => WORKFLOW(run).replace('slug: kept', 'slug: shared');
  const saveOver = async (run: string, expected: number) => {
    const { data } = await api.query<{ saveWorkflow: object }>(
      `mutation ($source: String!, $expected: Int) { saveWorkflow(source: $source, expectedVersion: $expected) {
        __typename ... on Workflow { version } ... on Conflict { message allowed } } }`,
      { source: source(run), expected },
    );
    return data.saveWorkflow;
  };
  expect(await saveOver('first', 0)).toEqual({ __typename: 'Workflow', version: 1 });
  expect(await saveOver('second', 0)).toEqual({
    __typename: 'Conflict',
    message: expect.stringContaining('version 1'),
    allowed: [],
  });
  expect(await saveOver('second', 1)).toEqual({ __typename: 'Workflow', version: 2 });
  expect(await saveOver('third', 1)).toMatchObject({ __typename: 'Conflict' });
  expect((await api.query('{ workflow(slug: "shared") { source } }')).data).toEqual({
    workflow: { source: source('second') },
  });
  // What is there already is saved, whoever did it.
  expect(await saveOver('second', 1)).toEqual({ __typename: 'Workflow', version: 2 });
});

test('a workflow tells of its newest jobs, how many of them completed, and how long they take', async () => {
  const ask = async () =>
    (
      await api.query<{ workflow: { recentJobs: { id: string }[]; successRate: number; usualDurationMs: number } }>(
        '{ workflow(slug: "past") { successRate usualDurationMs recentJobs(first: 3) { id status } } }',
      )
    ).data.workflow;
  const workflow = await api.saveWorkflow(WORKFLOW('true').replace('slug: kept', 'slug: past'));
  expect(await ask()).toEqual({ recentJobs: [], successRate: null, usualDurationMs: null });
  const ids: string[] = [];
  for (const _ of [1, 2, 3, 4]) ids.push(await api.newJob({ workflow, input: {} }));
  for (const id of ids.slice(0, 3)) await api.worker.finish(id);
  const failed = `mutation { failJob(id: "${ids[3]}", reason: "no use") { __typename } }`;
  expect((await api.query(failed)).data).toEqual({ failJob: { __typename: 'Job' } });
  const past = await ask();
  expect(past.recentJobs).toEqual([
    { id: ids[3], status: 'FAILED' },
    { id: ids[2], status: 'COMPLETED' },
    { id: ids[1], status: 'COMPLETED' },
  ]);
  expect(past.successRate).toBe(0.75);
  expect(past.usualDurationMs).toBeGreaterThanOrEqual(0);
});
