import type { JsonObject } from '@signalbox/core/json';
import type { JobFilter } from '@signalbox/db/job-filter';
import { countJobs } from '@signalbox/db/job-list';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ApiFixture, createApiFixture, TENANT } from './fixture.ts';
import { Subscriber } from './subscriber.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

const LIST = 'query ($filter: JobFilter) { jobs(first: 50, filter: $filter) { edges { node { id } } } }';

async function found(filter: object): Promise<string[]> {
  const { data, errors } = await api.query<{ jobs: { edges: { node: { id: string } }[] } }>(LIST, { filter });
  expect(errors).toBeUndefined();
  return data.jobs.edges.map(({ node }) => node.id);
}

const withInput = (input: JsonObject) => api.newJob({ input });

test('a job is found by a part of a label and by a part of its error', async () => {
  const labelled = await api.newJob({ labels: ['region-north', 'blue'] });
  expect(await found({ search: 'ON-NOR' })).toEqual([labelled]);
  const failed = await api.newJob();
  const held = await api.worker.claim(failed);
  await api.worker.settle(held, {
    status: 'FAILED',
    output: null,
    error: { message: 'Disk 100% full', category: 'PROCESS', stepKey: null },
  });
  expect(await found({ search: '100% f' })).toEqual([failed]);
  await api.worker.finish(labelled);
  expect(await found({ search: 'on-nor' })).toEqual([labelled]);
});

test.each([false, true])('values inside the input are found by their place (final: %s)', async (final) => {
  const id = await withInput({
    run: `r${final}`,
    customer: { id: 7, name: 'Ann O_Hara', tags: ['a', { deep: true }] },
    'odd/key~': 'x',
    nothing: null,
    '0': 'zero',
  });
  const other = await withInput({ run: `r${final}`, customer: { id: 8, tags: [] }, zeros: ['zero'] });
  if (final) for (const done of [id, other]) await api.worker.finish(done);
  const run = { path: '/run', equals: `r${final}` };
  const both = [other, id];
  const cases: [object, string[]][] = [
    [{ path: '/customer/id', equals: 7 }, [id]],
    [{ path: '/customer/id', equals: 7.0 }, [id]],
    [{ path: '/customer/id', equals: '7' }, []],
    [{ path: '/customer/tags/1/deep', equals: true }, [id]],
    [{ path: '/customer/tags/0', equals: { deep: true } }, []],
    [{ path: '/customer/tags', equals: ['a', { deep: true }] }, [id]],
    [{ path: '/customer/tags', equals: ['a'] }, []],
    [{ path: '/0', equals: 'zero' }, [id]],
    [{ path: '/zeros/0', equals: 'zero' }, [other]],
    [{ path: '/odd~1key~0', equals: 'x' }, [id]],
    [{ path: '/customer/name', contains: 'o_h' }, [id]],
    [{ path: '/customer/name', contains: 'oxh' }, []],
    [{ path: '/customer/id', contains: '8' }, [other]],
    [{ path: '/customer/name' }, [id]],
    [{ path: '/customer/name', exists: false }, [other]],
    [{ path: '/nothing', exists: true }, []],
    [{ path: '/nothing', exists: false }, both],
    [{ path: '/customer/id', equals: 7, exists: false }, []],
    [{ path: '' }, both],
  ];
  for (const [match, wanted] of cases) {
    expect(await found({ input: [run, match] }), JSON.stringify(match)).toEqual(wanted);
  }
});

test('values inside the output are found once there is one, and a watcher hears of the job then', async () => {
  const id = await api.newJob({ subject: 'outputs' });
  const filter = { subject: 'outputs', output: [{ path: '/count', equals: 3 }] };
  expect(await found(filter)).toEqual([]);
  const watcher = new Subscriber<{ jobUpdated: { job: { id: string } } }>(
    api.wsUrl,
    'subscription ($filter: JobFilter) { jobUpdated(filter: $filter) { cursor job { id } } }',
    { filter },
  );
  try {
    const other = await api.newJob({ subject: 'outputs' });
    // A watcher that has only just come may be told of the other one too, as if it had known it.
    const heard = watcher.until(({ jobUpdated }) => jobUpdated.job.id === id);
    for (const [job, count] of [
      [other, 4],
      [id, 3],
    ] as const) {
      const held = await api.worker.claim(job);
      await api.worker.settle(held, { status: 'COMPLETED', output: { count }, error: null });
    }
    await heard;
  } finally {
    await watcher.close();
  }
  expect(await found(filter)).toEqual([id]);
});

test('what is no JSON pointer is refused with how one looks', async () => {
  for (const path of ['customer', '/a~2', 7]) {
    const { errors } = await api.query(LIST, { filter: { input: [{ path }] } });
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('A JSON pointer is a text such as "/customer/id"'),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  }
});

test('each kind of search uses indexes among 20,000 final jobs, and looks at unfinished ones only besides', async () => {
  await api.services.db.pool.query(
    `INSERT INTO job (id, tenant_id, workflow_id, workflow_version, workflow_slug, workflow_name, status, input, output, subject, labels,
       error_message, error_category, total_steps, queued_at, started_at, completed_at)
     SELECT ('019c0000-' || lpad(to_hex(n / 65536), 4, '0') || '-7000-8000-' || lpad(md5(n::text), 12))::uuid, $1, $2, $3, 'demo', 'Demo report',
       CASE WHEN n % 10 = 0 THEN 'FAILED' ELSE 'COMPLETED' END::job_status, jsonb_build_object('order', n, 'shop', jsonb_build_object('no', n % 50)),
       jsonb_build_object('total', n * 2), 'order ' || n, ARRAY['l' || n % 1000],
       CASE WHEN n % 10 = 0 THEN 'no luck with ' || n END, CASE WHEN n % 10 = 0 THEN 'PROCESS' END::error_category, 2, now(), now(), now()
     FROM generate_series(1, 20000) AS many(n)`,
    [TENANT, api.workflow.workflowId, api.workflow.version],
  );
  const { data } = await api.query<{ createSchedule: { id: string } }>(
    'mutation ($input: ScheduleInput!) { createSchedule(input: $input) { ... on Schedule { id } } }',
    {
      input: {
        name: 'x',
        workflow: 'demo',
        kind: 'ONCE',
        startsAt: '2100-01-01T00:00:00Z',
        input: { repository: '.' },
      },
    },
  );
  const schedule = [data.createSchedule.id];
  await api.services.db.pool.query(`UPDATE job SET schedule_id = $1 WHERE subject LIKE 'order 777%'`, schedule);
  await api.services.db.pool.query('VACUUM ANALYZE job');
  const cases: [JobFilter, number, string[]][] = [
    [
      { search: 'order 1234' },
      11,
      ['job_final_workflow', 'job_final_subject', 'job_final_error', 'job_final_label_text', 'job_unfinished'],
    ],
    [{ search: 'luck with 1990' }, 2, ['job_final_error']],
    [{ search: '019c0000-0000-7000-8000-c4ca4238a0b9' }, 1, ['job_final_id_end']],
    [{ search: 'c4ca4238a0b9' }, 1, ['job_final_id_end']],
    [{ input: [{ path: '/order', equals: 77 }] }, 1, ['job_final_input', 'job_unfinished']],
    [
      {
        input: [
          { path: '/shop/no', equals: 7 },
          { path: '/order', equals: 57 },
        ],
      },
      1,
      ['job_final_input'],
    ],
    [{ output: [{ path: '/total', equals: 154 }] }, 1, ['job_final_output']],
    [{ schedule }, 11, ['job_of_schedule']],
  ];
  for (const [filter, count, indexes] of cases) {
    const asked = vi.spyOn(api.services.db.pool, 'query');
    let statement: unknown[] | undefined;
    try {
      expect(await countJobs(api.services.db, TENANT, filter), JSON.stringify(filter)).toBe(count);
      statement = asked.mock.calls[0];
    } finally {
      asked.mockRestore();
    }
    const { rows } = await api.services.db.pool.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN ${String(statement?.[0])}`,
      statement?.[1] as unknown[],
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    for (const index of indexes) expect(plan).toContain(index);
    expect(plan).not.toMatch(/Seq Scan on job\b/);
  }
});

test('a place that may be an index or a key at every turn costs no more than any other', async () => {
  expect(await found({ input: [{ path: '/0'.repeat(400), equals: 1 }] })).toEqual([]);
});

test('a filter with too many places is refused wherever it is given', async () => {
  const filter = { input: Array.from({ length: 51 }, () => ({ path: '/a' })) };
  const refusal = { message: expect.stringContaining('50 places'), extensions: { code: 'BAD_USER_INPUT' } };
  expect((await api.query(LIST, { filter })).errors).toMatchObject([refusal]);
  const save = 'mutation ($filter: JobFilter) { saveView(name: "large", filter: $filter) { __typename } }';
  expect((await api.query(save, { filter })).errors).toMatchObject([refusal]);
  const watch = 'subscription ($filter: JobFilter) { jobUpdated(filter: $filter) { cursor } }';
  expect(await new Subscriber(api.wsUrl, watch, { filter }).refusal()).toMatchObject(refusal);
});
