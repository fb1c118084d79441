import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture } from './fixture.ts';

let api: ApiFixture;
let id: string;
beforeAll(async () => {
  api = await createApiFixture();
  id = await api.newJob();
  const held = await api.worker.claim(id);
  await api.worker.log(held, ['first', 'Needle one', 'hay', 'needle TWO', 'hay', 'ÜBER needle', 'last'], 'history');
  await api.worker.log(held, ['Needle in a warning'], null, 'WARNING');
  await api.services.db.pool.query(
    `UPDATE log_line SET at = '2026-03-01T10:00:00Z'::timestamptz + seq * interval '1 minute' WHERE job_id = $1`,
    [id],
  );
});
afterAll(() => api.close());

interface Matches {
  total: number;
  before: number;
  previous: { seq: number } | null;
  next: { seq: number } | null;
  first: { seq: number } | null;
  last: { seq: number } | null;
}

/** Without the lines that the service itself writes, in numbers from the first line that the test wrote. */
async function matches(filter: object, seq?: number): Promise<[number, number, ...(number | null)[]]> {
  const { data, errors } = await api.query<{ job: { logMatches: Matches } }>(
    `query ($id: ID!, $filter: LogFilter, $seq: Int) { job(id: $id) { logMatches(filter: $filter, seq: $seq) {
      total before previous { seq } next { seq } first { seq } last { seq }
    } } }`,
    { id, filter, seq },
  );
  expect(errors).toBeUndefined();
  const { before, first, last, next, previous, total } = data.job.logMatches;
  return [total, before, ...[previous, next, first, last].map((line) => line?.seq ?? null)];
}

test('a search goes from match to match, and tells which of how many each is', async () => {
  const search = 'NEEDLE';
  expect(await matches({ search })).toEqual([4, 0, null, 2, 2, 8]);
  expect(await matches({ search }, 2)).toEqual([4, 0, null, 4, 2, 8]);
  expect(await matches({ search }, 5)).toEqual([4, 2, 4, 6, 2, 8]);
  expect(await matches({ search }, 8)).toEqual([4, 3, 6, null, 2, 8]);
  expect(await matches({ search: 'über' }, 1)).toEqual([1, 0, null, 6, 6, 6]);
  expect(await matches({ search: 'straw' }, 5)).toEqual([0, 0, null, null, null, null]);
});

test('levels and steps narrow it', async () => {
  expect(await matches({ search: 'needle', levels: ['WARNING', 'ERROR'] })).toEqual([1, 0, null, 8, 8, 8]);
  expect(await matches({ search: 'needle', stepKey: 'history' }, 5)).toEqual([3, 2, 4, 6, 2, 6]);
});

async function lineOf(args: string): Promise<number | null> {
  const { data, errors } = await api.query<{ job: { logLine: { seq: number } | null } }>(
    `query ($id: ID!) { job(id: $id) { logLine(${args}) { seq } } }`,
    { id },
  );
  expect(errors).toBeUndefined();
  return data.job.logLine?.seq ?? null;
}

test.each([
  ['seq: 1', 1],
  ['seq: 8', 8],
  ['seq: 9', null],
  ['seq: 0', null],
  ['at: "2026-03-01T09:00:00Z"', 1],
  ['at: "2026-03-01T10:05:00Z"', 5],
  ['at: "2026-03-01T10:05:00.001Z"', 6],
  ['at: "2026-03-01T10:08:00Z"', 8],
  ['at: "2026-03-01T10:09:00Z"', null],
])('the line of %s is %s', async (args, wanted) => {
  expect(await lineOf(args)).toBe(wanted);
});

test('a line leads to what stands around it', async () => {
  const { data } = await api.query<{ job: { logLine: { cursor: string } } }>(
    'query ($id: ID!) { job(id: $id) { logLine(at: "2026-03-01T10:04:00Z") { cursor } } }',
    { id },
  );
  const { cursor } = data.job.logLine;
  const around = await api.query(
    `query ($id: ID!, $cursor: String) { job(id: $id) {
      before: logs(last: 2, before: $cursor) { edges { node { seq } } } after: logs(first: 1, after: $cursor) { edges { node { seq } } }
    } }`,
    { id, cursor },
  );
  const nodes = (...all: number[]) => ({ edges: all.map((seq) => ({ node: { seq } })) });
  expect(around.data).toEqual({ job: { before: nodes(2, 3), after: nodes(5) } });
});

test('a line is asked for by its number or by a moment', async () => {
  const { errors } = await api.query('query ($id: ID!) { job(id: $id) { logLine { seq } } }', { id });
  expect(errors?.[0]?.message).toBe('Give either "seq" or "at": which line is meant?');
});

test('counting problems in a long log reads only the problems', async () => {
  const long = await api.newJob();
  await api.services.db.pool.query(
    `INSERT INTO log_line (job_id, seq, tenant_id, at, level, stream, message)
     SELECT id, n, tenant_id, now(), CASE WHEN n % 1000 = 0 THEN 'ERROR' ELSE 'INFO' END::log_level, 'STDOUT', 'line ' || n
     FROM job, generate_series(1, 20000) n WHERE id = $1`,
    [long],
  );
  await api.services.db.pool.query('VACUUM ANALYZE log_line');
  const { rows } = await api.services.db.pool.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN SELECT count(*) FROM log_line WHERE job_id = '${long}' AND level = ANY('{WARNING,ERROR}'::log_level[])`,
  );
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('log_line_problems');
});
