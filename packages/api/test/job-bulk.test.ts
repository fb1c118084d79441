import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitingForLocks } from '../../../prisma/test/locks.ts';
import { type ApiFixture, createApiFixture } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

const UNKNOWN = '01a202b4-7206-77f7-9122-83343e079a66';

interface Bulk {
  done: string[];
  refused: { id: string; error: { __typename: string; message: string; code: string; allowed?: string[] } }[];
}

async function bulk(name: 'cancelJobs' | 'retryJobs' | 'deleteJobs', variables: { ids?: string[]; filter?: object }) {
  const { data, errors } = await api.query<{ bulk: Bulk }>(
    `mutation ($ids: [ID!], $filter: JobFilter) { bulk: ${name}(ids: $ids, filter: $filter) {
      done refused { id error { __typename message code ... on Conflict { allowed } } }
    } }`,
    variables,
  );
  return { bulk: data?.bulk, errors };
}

const status = async (id: string) =>
  (await api.query<{ job: { status: string } | null }>('query ($id: ID!) { job(id: $id) { status } }', { id })).data.job
    ?.status;

async function failed(subject?: string): Promise<string> {
  const id = await api.newJob({ subject });
  await api.worker.fail(id);
  return id;
}

/** Holds the rows of jobs until the returned function is called. */
async function hold(ids: string[]): Promise<() => Promise<void>> {
  const client = await api.services.db.pool.connect();
  await client.query('BEGIN');
  await client.query('SELECT FROM job WHERE id = ANY($1::uuid[]) FOR UPDATE', [ids]);
  return async () => {
    await client.query('COMMIT');
    client.release();
  };
}

const waiting = () => waitingForLocks(api.services.db);

describe('a move by a filter', () => {
  test('leaves a job alone that has changed before its turn came', async () => {
    const ids = (await Promise.all(Array.from({ length: 6 }, () => failed('slow')))).toSorted();
    const release = await hold(ids.slice(0, 4));
    const answer = bulk('deleteJobs', { filter: { subject: 'slow', status: ['FAILED'] } });
    await expect.poll(waiting).toBe(4);
    const [changed = ''] = ids.slice(4);
    await bulk('retryJobs', { ids: [changed] });
    await api.worker.finish(changed);
    await release();
    expect((await answer).bulk).toMatchObject({
      done: ids.filter((id) => id !== changed),
      refused: [
        { id: changed, error: { __typename: 'Conflict', message: expect.stringContaining('no longer matches') } },
      ],
    });
    expect(await status(changed)).toBe('COMPLETED');
  });

  test('does nothing any more once it has answered that it failed', async () => {
    const ids = (await Promise.all(Array.from({ length: 12 }, () => failed('broken')))).toSorted();
    const { pool } = api.services.db;
    await pool.query(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
       CREATE TRIGGER refuse BEFORE DELETE ON job FOR EACH ROW WHEN (old.id = '${ids[0]}') EXECUTE FUNCTION refuse()`,
    );
    const release = await hold(ids.slice(1, 4));
    const answer = bulk('deleteJobs', { filter: { subject: 'broken' } });
    await expect.poll(waiting).toBe(3);
    await release();
    expect((await answer).errors).toMatchObject([{ extensions: { code: 'INTERNAL_ERROR' } }]);
    // Those that had begun are done, and nothing behind them.
    expect(await Promise.all(ids.map(async (id) => (await status(id)) !== undefined))).toEqual(
      ids.map((_, index) => index === 0 || index > 3),
    );
    await pool.query('DROP FUNCTION refuse CASCADE');
  });
});

describe('many jobs at once', () => {
  test('are found in whichever letters their ids are written', async () => {
    const id = await api.newJob();
    expect((await bulk('cancelJobs', { ids: [id.toUpperCase(), id] })).bulk).toEqual({ done: [id], refused: [] });
    const retry = 'mutation ($id: ID!) { retryJob(id: $id) { __typename ... on Job { id } } }';
    expect((await api.query(retry, { id: id.toUpperCase() })).data).toEqual({ retryJob: { __typename: 'Job', id } });
  });

  test('are cancelled each by itself; those that refuse are told with their reasons, in the order given', async () => {
    const [queued, finished, created] = [await api.newJob(), await failed(), await api.newJob({ start: false })];
    const answer = await bulk('cancelJobs', { ids: [queued, finished, UNKNOWN, created, queued, 'nonsense'] });
    expect(answer.errors).toBeUndefined();
    expect(answer.bulk).toEqual({
      done: [queued, created],
      refused: [
        {
          id: finished,
          error: {
            __typename: 'Conflict',
            code: 'CONFLICT',
            message: 'A job that is FAILED cannot be cancelled.',
            allowed: ['RESUME', 'RETRY', 'RERUN', 'FORK', 'DELETE'],
          },
        },
        {
          id: UNKNOWN,
          error: { __typename: 'NotFound', code: 'NOT_FOUND', message: expect.stringContaining(UNKNOWN) },
        },
        { id: 'nonsense', error: expect.objectContaining({ __typename: 'NotFound' }) },
      ],
    });
    expect([await status(queued), await status(created)]).toEqual(['CANCELLED', 'CANCELLED']);
  });

  test('are chosen by a filter', async () => {
    const mine = await Promise.all([failed('nightly'), failed('nightly'), failed('nightly')]);
    const other = await failed('daily');
    const retried = await bulk('retryJobs', { filter: { subject: 'nightly', status: ['FAILED'] } });
    expect(retried.bulk?.done).toEqual(mine.toSorted());
    expect(await status(other)).toBe('FAILED');
    expect((await bulk('deleteJobs', { filter: { subject: 'daily' } })).bulk).toEqual({ done: [other], refused: [] });
    expect(await status(other)).toBeUndefined();
  });

  test.each([{}, { ids: [UNKNOWN], filter: {} }])('need either ids or a filter, not %o', async (variables) => {
    const { errors } = await bulk('deleteJobs', variables);
    expect(errors).toMatchObject([
      { message: 'Give either "ids" or "filter": which jobs are meant?', extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });

  test('are at most a thousand: more are refused before anything is done', async () => {
    const id = await failed('of many');
    const { errors } = await bulk('deleteJobs', { ids: [id, ...Array.from({ length: 1_000 }, (_, n) => `id ${n}`)] });
    expect(errors?.[0]?.message).toBe(
      'These are 1001 jobs, and at most 1000 are moved at once. Nothing was done. Send them in parts.',
    );
    await api.services.db.pool.query(
      `INSERT INTO job (id, tenant_id, workflow_id, workflow_version, workflow_slug, workflow_name, status, input, subject, total_steps)
       SELECT gen_random_uuid(), tenant_id, workflow_id, workflow_version, workflow_slug, workflow_name, 'CREATED', input, 'of many', 0
       FROM job, generate_series(1, 1000) WHERE id = $1`,
      [id],
    );
    const filtered = await bulk('deleteJobs', { filter: { subject: 'of many' } });
    expect(filtered.errors?.[0]?.message).toBe(
      'More than 1000 jobs match, and at most 1000 are moved at once. Nothing was done. Narrow the filter, for example by status or by time, or give a "limit".',
    );
    expect(await status(id)).toBe('FAILED');
    const cancelled = await bulk('cancelJobs', { filter: { subject: 'of many', status: ['CREATED'] } });
    expect(cancelled.bulk?.done).toHaveLength(1_000);
  });
});

describe('createJobs', () => {
  const CREATE = `mutation ($input: [CreateJobInput!]!) { createJobs(input: $input) {
    __typename ... on Job { id subject status } ... on InvalidInput { issues { path } } ... on Conflict { allowed } ... on Error { message }
  } }`;
  const create = (input: object[]) =>
    api.query<{ createJobs: { __typename: string; id?: string; subject?: string }[] }>(CREATE, { input });
  const job = (more: object = {}) => ({ workflow: 'demo', input: { repository: '.' }, ...more });

  test('answers in the order given, and what is refused does not keep the others', async () => {
    const { data, errors } = await create([
      job({ subject: 'a', idempotencyKey: 'many' }),
      job({ input: { repository: 7 } }),
      job({ subject: 'b', start: false }),
      job({ workflow: 'dmo' }),
      job({ subject: 'a', idempotencyKey: 'many' }),
      job({ subject: 'c', idempotencyKey: 'many' }),
    ]);
    expect(errors).toBeUndefined();
    expect(data.createJobs).toMatchObject([
      { __typename: 'Job', subject: 'a', status: 'QUEUED' },
      { __typename: 'InvalidInput', issues: [{ path: '/repository' }] },
      { __typename: 'Job', subject: 'b', status: 'CREATED' },
      { __typename: 'NotFound', message: expect.stringContaining('"demo"') },
      { __typename: 'Job', subject: 'a' },
      { __typename: 'Conflict' },
    ]);
    expect(data.createJobs[4]?.id).toBe(data.createJobs[0]?.id);
  });

  test('makes a hundred in the order given, and not more', async () => {
    const { data } = await create(Array.from({ length: 100 }, (_, n) => job({ subject: `batch ${n}` })));
    expect(data.createJobs.map(({ subject }) => subject)).toEqual(Array.from({ length: 100 }, (_, n) => `batch ${n}`));
    const ids = data.createJobs.map(({ id }) => id ?? '');
    expect(ids).toEqual(ids.toSorted());
    const { errors } = await create(Array.from({ length: 101 }, () => job()));
    expect(errors).toMatchObject([
      {
        message: 'These are 101 jobs, and at most 100 are made at once. Send them in parts.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  test('makes nothing of an empty list', async () => {
    expect((await create([])).data).toEqual({ createJobs: [] });
  });
});
