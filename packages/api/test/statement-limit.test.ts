import { type Database, openDatabase } from '@signalbox/db/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture } from './fixture.ts';

let api: ApiFixture;
let other: Database;
beforeAll(async () => {
  api = await createApiFixture({ statementLimitMs: 1_000 });
  other = openDatabase(api.services.db.url, { applicationName: 'other' });
});
afterAll(async () => {
  await other.close();
  await api.close();
});

/** While jobs cannot be read. */
async function whileLocked<Result>(ask: () => Promise<Result>): Promise<Result> {
  const client = await other.pool.connect();
  await client.query('BEGIN; LOCK TABLE job IN ACCESS EXCLUSIVE MODE');
  try {
    return await ask();
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

test.each([
  ['a list', '{ viewer { name } jobs { edges { node { id } } } }', 'jobs'],
  ['a job that Prisma reads', '{ viewer { name } job(id: "019c0000-0000-7000-8000-000000000000") { id } }', 'job'],
])(
  '%s that takes too long is given up with an error that says what to do, each time it is asked',
  async (_what, query, field) => {
    for (let time = 0; time < 4; time += 1) {
      const { data, errors } = await whileLocked(() => api.query<object | null>(query));
      expect(errors).toMatchObject([{ path: [field], extensions: { code: 'QUERY_TOO_SLOW' } }]);
      expect(errors?.[0]?.message).toMatch(/took too long .* narrower filter/);
      expect(JSON.stringify({ data, errors })).not.toMatch(/canceling|statement|stack/);
    }
    const { errors } = await api.query(query);
    expect(errors).toBeUndefined();
  },
);

test('a mutation that takes too long changes nothing', async () => {
  const id = await api.newJob({ start: false });
  const { errors } = await whileLocked(() =>
    api.query('mutation ($id: ID!) { startJob(id: $id) { __typename } }', { id }),
  );
  expect(errors?.[0]?.extensions.code).toBe('QUERY_TOO_SLOW');
  const { data } = await api.query('query ($id: ID!) { job(id: $id) { status } }', { id });
  expect(data).toEqual({ job: { status: 'CREATED' } });
});
