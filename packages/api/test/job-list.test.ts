import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type ApiFixture, createApiFixture, TENANT } from './fixture.ts';

let api: ApiFixture;
/** Ids by the name that the tests call the job by, in the order of creation. */
const ids: Record<string, string> = {};

beforeAll(async () => {
  api = await createApiFixture();
  const other = await api.saveWorkflow(
    `slug: 100-percent\nname: All of it_1\nsteps: [{ key: only, type: command, with: { run: 'true' } }]`,
  );
  ids.created = await api.newJob({ start: false, labels: ['a'], priority: 'LOW' });
  ids.queued = await api.newJob({ subject: 'orders/7', labels: ['a', 'b'], priority: 'CRITICAL' });
  ids.running = await api.newJob({ subject: 'orders/8', labels: ['b'] });
  ids.completed = await api.newJob({ labels: ['a', 'b', 'c'] });
  ids.failed = await api.newJob({ workflow: other, input: {}, priority: 'HIGH' });
  await api.worker.claim(ids.running);
  await api.worker.finish(ids.completed);
  await api.worker.fail(ids.failed);
  // Run times that tell apart: completed took an hour, failed a minute, running began two minutes ago.
  const { pool } = api.services.db;
  await pool.query(`UPDATE job SET started_at = completed_at - interval '1 hour' WHERE id = $1`, [ids.completed]);
  await pool.query(`UPDATE job SET started_at = completed_at - interval '1 minute' WHERE id = $1`, [ids.failed]);
  await pool.query(`UPDATE job SET started_at = now() - interval '2 minutes' WHERE id = $1`, [ids.running]);
});
afterAll(() => api.close());

interface Jobs {
  jobs: {
    totalCount: number;
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
    edges: { cursor: string; node: { id: string } }[];
  };
}

const LIST = `query ($first: Int, $after: String, $last: Int, $before: String, $filter: JobFilter, $orderBy: JobOrder) {
  jobs(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { id } }
  }
}`;

async function list(variables: object = {}): Promise<Jobs['jobs']> {
  const { data, errors } = await api.query<Jobs>(LIST, variables);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.jobs;
}

const nameOf = (id: string) => Object.entries(ids).find(([, known]) => known === id)?.[0] ?? id;
const names = ({ edges }: Jobs['jobs']) => edges.map(({ node }) => nameOf(node.id));

describe('the filter', () => {
  test.each<[string, object, string[]]>([
    ['nothing', {}, ['failed', 'completed', 'running', 'queued', 'created']],
    [
      'empty lists',
      { status: [], workflow: [], labels: [], priority: [] },
      ['failed', 'completed', 'running', 'queued', 'created'],
    ],
    ['one status', { status: ['RUNNING'] }, ['running']],
    ['several statuses', { status: ['CREATED', 'FAILED'] }, ['failed', 'created']],
    ['a workflow', { workflow: ['demo'] }, ['completed', 'running', 'queued', 'created']],
    ['a workflow that does not exist', { workflow: ['nope'] }, []],
    ['a subject, whole', { subject: 'orders/7' }, ['queued']],
    ['a part of a subject is not the subject', { subject: 'orders' }, []],
    ['one label', { labels: ['a'] }, ['completed', 'queued', 'created']],
    ['all of several labels', { labels: ['b', 'a'] }, ['completed', 'queued']],
    ['priorities', { priority: ['LOW', 'CRITICAL'] }, ['queued', 'created']],
    ['the name of a workflow, in any case', { search: 'DEMO REP' }, ['completed', 'running', 'queued', 'created']],
    ['the slug of a workflow', { search: '100-perc' }, ['failed']],
    ['a subject by a part of it', { search: 'orders/' }, ['running', 'queued']],
    ['signs that mean something in LIKE mean themselves', { search: 'it_1' }, ['failed']],
    ['a percent sign finds no job that has none', { search: '%' }, []],
    ['an underscore is no joker', { search: 'de_o' }, []],
    ['a backslash', { search: '\\' }, []],
    ['blanks around are not searched for', { search: '  orders/8 ' }, ['running']],
    [
      'everything together',
      { status: ['QUEUED'], workflow: ['demo'], labels: ['a'], priority: ['CRITICAL'], search: 'orders' },
      ['queued'],
    ],
    ['created after now', { createdAfter: '2100-01-01T00:00:00Z' }, []],
    ['created before now', { createdBefore: '2100-01-01T00:00:00Z', status: ['RUNNING'] }, ['running']],
  ])('by %s', async (_what, filter, expected) => {
    const found = await list({ filter });
    expect(names(found)).toEqual(expected);
    expect(found.totalCount).toBe(expected.length);
  });

  test('by the beginning and the end of an id, in any case', async () => {
    const id = ids.failed as string;
    for (const search of [id, id.toUpperCase(), id.slice(-12), id.slice(-6)]) {
      expect(names(await list({ filter: { search } }))).toContain('failed');
    }
    expect(names(await list({ filter: { search: id.slice(0, 20) } }))).toContain('failed');
    expect(names(await list({ filter: { search: id.slice(1, 20) } }))).toEqual([]);
  });

  test('counts every status of the jobs that match, zeros included', async () => {
    const { data } = await api.query('query ($filter: JobFilter) { jobCounts(filter: $filter) { status count } }', {
      filter: { labels: ['a'] },
    });
    expect(data).toEqual({
      jobCounts: [
        { status: 'CREATED', count: 1 },
        { status: 'QUEUED', count: 1 },
        { status: 'RUNNING', count: 0 },
        { status: 'WAITING', count: 0 },
        { status: 'PAUSED', count: 0 },
        { status: 'COMPLETED', count: 1 },
        { status: 'FAILED', count: 0 },
        { status: 'CANCELLED', count: 0 },
      ],
    });
  });
});

const ORDERS: [string, string, string[]][] = [
  ['CREATED_AT', 'ASC', ['created', 'queued', 'running', 'completed', 'failed']],
  ['CREATED_AT', 'DESC', ['failed', 'completed', 'running', 'queued', 'created']],
  ['STARTED_AT', 'ASC', ['completed', 'running', 'failed', 'created', 'queued']],
  ['STARTED_AT', 'DESC', ['failed', 'running', 'completed', 'queued', 'created']],
  ['COMPLETED_AT', 'ASC', ['completed', 'failed', 'created', 'queued', 'running']],
  ['COMPLETED_AT', 'DESC', ['failed', 'completed', 'running', 'queued', 'created']],
  ['DURATION', 'ASC', ['failed', 'running', 'completed', 'created', 'queued']],
  ['DURATION', 'DESC', ['completed', 'running', 'failed', 'queued', 'created']],
  ['PRIORITY', 'ASC', ['created', 'running', 'completed', 'failed', 'queued']],
  ['PRIORITY', 'DESC', ['queued', 'failed', 'completed', 'running', 'created']],
];

describe.each(ORDERS)('ordered by %s %s', (field, direction, expected) => {
  const orderBy = { field, direction };

  test('jobs without a value come last and equals in the order of creation', async () => {
    expect(names(await list({ orderBy }))).toEqual(expected);
  });

  test.each([1, 2, 3])('pages of %i from the beginning give each job once', async (first) => {
    const all: string[] = [];
    let after: string | null = null;
    do {
      const page: Jobs['jobs'] = await list({ orderBy, first, after });
      all.push(...names(page));
      expect(page.pageInfo.hasNextPage).toBe(all.length < expected.length);
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
    expect(all).toEqual(expected);
  });

  test('pages from the end give each job once, in the order of the list', async () => {
    const all: string[] = [];
    let before: string | null = null;
    do {
      const page: Jobs['jobs'] = await list({ orderBy, last: 2, before });
      all.unshift(...names(page));
      expect(page.pageInfo.hasPreviousPage).toBe(all.length < expected.length);
      before = page.pageInfo.hasPreviousPage ? page.pageInfo.startCursor : null;
    } while (before);
    expect(all).toEqual(expected);
  });

  test('after and before together cut out the middle', async () => {
    const { edges } = await list({ orderBy });
    const middle = await list({ orderBy, after: edges[0]?.cursor, before: edges[4]?.cursor });
    expect(names(middle)).toEqual(expected.slice(1, 4));
  });
});

describe('a page', () => {
  test('has 20 jobs unless told, and none with first: 0, which still counts', async () => {
    const none = await list({ first: 0 });
    expect(none).toMatchObject({ edges: [], totalCount: 5, pageInfo: { hasNextPage: true, endCursor: null } });
  });

  test.each<[object, string, string]>([
    [{ first: 101 }, 'BAD_USER_INPUT', '"first" must be from 0 to 100'],
    [{ first: -1 }, 'BAD_USER_INPUT', '"first" must be from 0 to 100'],
    [{ last: 101 }, 'BAD_USER_INPUT', '"last" must be from 0 to 100'],
    [{ first: 1, last: 1 }, 'BAD_USER_INPUT', 'Give either "first" or "last"'],
    [{ after: 'nonsense' }, 'BAD_CURSOR', 'not a cursor of jobs'],
    [{ after: '' }, 'BAD_CURSOR', 'not a cursor of jobs'],
    [
      { before: Buffer.from('["CREATED_AT","DESC","x",null,0]').toString('base64url') },
      'BAD_CURSOR',
      'not a cursor of jobs',
    ],
    [{ filter: { createdAfter: 'yesterday' } }, 'BAD_USER_INPUT', 'yesterday'],
  ])('is refused for %j', async (variables, code, message) => {
    const { errors } = await api.query(LIST, variables);
    expect(errors).toMatchObject([{ message: expect.stringContaining(message), extensions: { code } }]);
  });

  test('is refused with a cursor of another order, and with a made-up value in it', async () => {
    const { pageInfo } = await list({ first: 1 });
    const orderBy = { field: 'STARTED_AT', direction: 'ASC' };
    const other = await api.query(LIST, { after: pageInfo.endCursor, orderBy });
    expect(other.errors?.[0]).toMatchObject({
      message: expect.stringContaining('belongs to a list ordered by CREATED_AT DESC'),
      extensions: { code: 'BAD_CURSOR' },
    });
    const made = Buffer.from(JSON.stringify(['STARTED_AT', 'ASC', ids.failed, "'; DROP TABLE job", 0])).toString(
      'base64url',
    );
    expect((await api.query(LIST, { after: made, orderBy })).errors?.[0]?.extensions.code).toBe('BAD_CURSOR');
  });

  test('of many jobs costs as many statements as one of few, and does not read inputs and outputs', async () => {
    const query = `query ($first: Int) {
      jobs(first: $first) {
        totalCount
        edges {
          node {
            id status subject labels durationMs allowedActions
            workflow { slug name version }
            progress { percent currentStep { key name status } }
            error { message step { key name } }
            cost { microUsd }
          }
        }
      }
    }`;
    const statements = async (first: number) => {
      const spy = vi.spyOn(api.services.db.pool, 'query');
      const { errors } = await api.query(query, { first });
      const texts = spy.mock.calls.map(([statement]) =>
        typeof statement === 'string' ? statement : (statement as unknown as { text: string }).text,
      );
      spy.mockRestore();
      expect(errors).toBeUndefined();
      return texts;
    };
    for (let count = 0; count < 30; count++) await api.newJob();
    // Workers are told of new jobs behind their making.
    await api.services.db.queueCall.sent();
    const few = await statements(5);
    const many = await statements(30);
    expect(many).toHaveLength(few.length);
    expect(many.length).toBeLessThanOrEqual(7);
    expect(many.join('\n')).not.toMatch(/"job"\."(input|output)"/);
  });
});

test('a job of another tenant is as unknown as one that does not exist', async () => {
  const { pool } = api.services.db;
  const foreign = await api.newJob();
  await pool.query(
    `INSERT INTO tenant (id, slug, name) VALUES ('00000000-0000-7000-8000-000000000002', 'other', 'Other')`,
  );
  await pool.query(`UPDATE job SET tenant_id = '00000000-0000-7000-8000-000000000002' WHERE id = $1`, [foreign]);
  const { data } = await api.query('query ($id: ID!) { job(id: $id) { id } node(id: $id) { id } }', { id: foreign });
  expect(data).toEqual({ job: null, node: null });
  expect((await list({ first: 100 })).edges.map(({ node }) => node.id)).not.toContain(foreign);
  const { rows } = await pool.query('SELECT tenant_id FROM job WHERE id = $1', [ids.failed]);
  expect(rows).toEqual([{ tenant_id: TENANT }]);
});

test.each(['ASC', 'DESC'])(
  'pages by duration %s give each job once, whatever ends or starts between them',
  async (direction) => {
    const own = { subject: `moving ${direction}` };
    const ids = await Promise.all([0, 1, 2, 3].map(() => api.newJob(own)));
    const [ended = '', first = '', second = '', started = ''] = ids;
    for (const id of [ended, first, second]) await api.worker.claim(id);
    const { job } = api.services.db.prisma;
    const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000);
    for (const [id, seconds] of [
      [ended, 20],
      [first, 10],
      [second, 30],
    ] as const)
      await job.update({ where: { id }, data: { startedAt: ago(seconds) } });
    const orderBy = { field: 'DURATION', direction };
    const { edges, pageInfo } = await list({ filter: own, orderBy, first: 2 });
    // Had it its final length, it would come again or never, and the one that has none yet would be before all others.
    await job.update({ where: { id: ended }, data: { status: 'COMPLETED', completedAt: ago(-1_000) } });
    await job.update({ where: { id: started }, data: { status: 'RUNNING', startedAt: ago(-1) } });
    const rest = await list({ filter: own, orderBy, first: 10, after: pageInfo.endCursor });
    const all = [...edges, ...rest.edges].map(({ node }) => node.id);
    expect(all).toEqual(direction === 'ASC' ? [first, ended, second, started] : [second, ended, first, started]);
  },
);
