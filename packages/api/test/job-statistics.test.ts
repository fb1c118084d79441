import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture, TENANT } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

const DAY = '2026-03-01T';

/** A job whose times are told, as if it had run then. */
async function past(
  subject: string,
  {
    created,
    ended,
    runMs = 1_000,
    queuedMs = 500,
  }: { created: string; ended: string; runMs?: number; queuedMs?: number },
  status: 'COMPLETED' | 'FAILED' | 'CANCELLED' = 'COMPLETED',
  workflow = api.workflow,
): Promise<string> {
  const id = await api.newJob({ subject, workflow });
  await api.worker.finish(id);
  const error = status === 'FAILED' ? ['no luck', 'PROCESS'] : [null, null];
  await api.services.db.pool.query(
    `UPDATE job SET status = $2, created_at = $3, completed_at = $4, started_at = $4::timestamptz - make_interval(secs => $5),
       queued_at = $4::timestamptz - make_interval(secs => $6), error_message = $7, error_category = $8::error_category WHERE id = $1`,
    [id, status, created, ended, runMs / 1000, (runMs + queuedMs) / 1000, ...error],
  );
  return id;
}

async function spend(jobId: string, at: string, microUsd: number | null, model = 'offline/echo'): Promise<void> {
  await api.services.db.pool.query(
    `INSERT INTO cost_entry (id, tenant_id, job_id, workflow_id, step_id, attempt, model, micro_usd, input_tokens, output_tokens, at)
     SELECT gen_random_uuid(), $1, job.id, job.workflow_id, s.id, 1, $5, $4, 10, 5, $3
     FROM job JOIN job_step s ON s.job_id = job.id WHERE job.id = $2 LIMIT 1`,
    [TENANT, jobId, at, microUsd, model],
  );
}

interface Activity {
  jobActivity: { from: string; to: string; total: number; counts: { status: string; count: number }[] }[];
}

const ACTIVITY = `query ($filter: JobFilter, $from: DateTime, $to: DateTime, $buckets: Int) {
  jobActivity(filter: $filter, from: $from, to: $to, buckets: $buckets) { from to total counts { status count } }
}`;

test('activity counts jobs by the time of their creation and by what has become of them', async () => {
  const subject = 'activity';
  await past(subject, { created: `${DAY}00:00:00Z`, ended: `${DAY}09:00:00Z` });
  await past(subject, { created: `${DAY}05:59:59.999Z`, ended: `${DAY}09:00:00Z` }, 'FAILED');
  await past(subject, { created: `${DAY}06:00:00Z`, ended: `${DAY}09:00:00Z` });
  await past(subject, { created: '2026-03-02T00:00:00Z', ended: '2026-03-02T09:00:00Z' });
  const { data } = await api.query<Activity>(ACTIVITY, {
    filter: { subject },
    from: `${DAY}00:00:00Z`,
    to: '2026-03-02T00:00:00Z',
    buckets: 4,
  });
  expect(data.jobActivity.map(({ from, to }) => [from.slice(11, 16), to.slice(11, 16)])).toEqual([
    ['00:00', '06:00'],
    ['06:00', '12:00'],
    ['12:00', '18:00'],
    ['18:00', '00:00'],
  ]);
  const some = data.jobActivity.map(({ counts }) => counts.filter(({ count }) => count > 0));
  expect(some).toEqual([
    [
      { status: 'COMPLETED', count: 1 },
      { status: 'FAILED', count: 1 },
    ],
    [{ status: 'COMPLETED', count: 1 }],
    [],
    [],
  ]);
  expect(data.jobActivity.map(({ total }) => total)).toEqual([2, 1, 0, 0]);
});

test('parts that do not come out even still hold every moment once', async () => {
  const subject = 'uneven';
  const start = Date.parse(`${DAY}00:00:00Z`);
  for (let ms = 0; ms < 10; ms += 1) {
    await past(subject, { created: new Date(start + ms).toISOString(), ended: `${DAY}09:00:00Z` });
  }
  const { data } = await api.query<Activity>(ACTIVITY, {
    filter: { subject },
    from: new Date(start).toISOString(),
    to: new Date(start + 10).toISOString(),
    buckets: 3,
  });
  for (const { from, to, total } of data.jobActivity) expect(total).toBe(Date.parse(to) - Date.parse(from));
  expect(data.jobActivity.reduce((sum, { total }) => sum + total, 0)).toBe(10);
});

test('without arguments it is the last day in 60 parts', async () => {
  const { data } = await api.query<Activity>(ACTIVITY);
  expect(data.jobActivity).toHaveLength(60);
  const [first, last] = [data.jobActivity[0], data.jobActivity.at(-1)];
  expect(Date.parse(last?.to ?? '') - Date.parse(first?.from ?? '')).toBe(24 * 60 * 60 * 1000);
});

test('a period that ends before it begins, and too many parts, are refused with what to do', async () => {
  const backward = await api.query(ACTIVITY, { from: `${DAY}10:00:00Z`, to: `${DAY}09:00:00Z` });
  expect(backward.errors?.[0]).toMatchObject({
    message: expect.stringContaining('must be earlier than "to"'),
    extensions: { code: 'BAD_USER_INPUT' },
  });
  const many = await api.query(ACTIVITY, { buckets: 121 });
  expect(many.errors?.[0]?.message).toBe('"buckets" must be from 1 to 120, not 121. Ask for a shorter period instead.');
});

interface Figures {
  completed: number;
  failed: number;
  cancelled: number;
  jobsPerHour: number;
  successRate: number | null;
  averageRunMs: number | null;
  medianRunMs: number | null;
  p95RunMs: number | null;
  averageQueueMs: number | null;
  cost: { microUsd: number; inputTokens: number; complete: boolean; unpricedModels: string[] };
}

interface Statistics {
  jobStatistics: {
    total: Figures;
    trend: { from: string; figures: Figures }[];
    byWorkflow: { slug: string; name: string; figures: Figures }[];
  };
}

const STATISTICS = `query ($filter: JobFilter, $from: DateTime, $to: DateTime, $buckets: Int) {
  jobStatistics(filter: $filter, from: $from, to: $to, buckets: $buckets) {
    total { ...figures } trend { from figures { ...figures } } byWorkflow { slug name figures { ...figures } }
  }
}
fragment figures on JobFigures {
  completed failed cancelled jobsPerHour successRate averageRunMs medianRunMs p95RunMs averageQueueMs
  cost { microUsd inputTokens complete unpricedModels }
}`;

test('statistics tell how jobs ended, how long they took and what they cost: in all, over time and by workflow', async () => {
  const subject = 'statistics';
  const other = await api.saveWorkflow(
    'slug: other\nname: Other\nsteps:\n  - { key: a, type: command, with: { run: "true" } }\n',
  );
  const created = `${DAY}01:00:00Z`;
  const cheap = await past(subject, { created, ended: `${DAY}03:00:00Z`, runMs: 1_000, queuedMs: 100 });
  await past(subject, { created, ended: `${DAY}04:00:00Z`, runMs: 3_000, queuedMs: 300 });
  // Neither counts among the run times.
  await past(subject, { created, ended: `${DAY}15:00:00Z`, runMs: 60_000, queuedMs: 500 }, 'FAILED');
  await past(subject, { created, ended: `${DAY}15:00:00Z`, runMs: 60_000, queuedMs: 500 }, 'CANCELLED');
  const dear = await past(
    subject,
    { created, ended: `${DAY}16:00:00Z`, runMs: 5_000, queuedMs: 100 },
    'COMPLETED',
    other,
  );
  await past(subject, { created, ended: '2026-03-02T00:00:00Z' });
  await spend(cheap, `${DAY}02:59:00Z`, 1_000);
  await spend(dear, `${DAY}15:59:00Z`, 2_000);
  await spend(dear, `${DAY}15:59:30Z`, null, 'unknown/model');

  const { data, errors } = await api.query<Statistics>(STATISTICS, {
    filter: { subject },
    from: `${DAY}00:00:00Z`,
    to: '2026-03-02T00:00:00Z',
    buckets: 2,
  });
  expect(errors).toBeUndefined();
  const { byWorkflow, total, trend } = data.jobStatistics;
  expect(total).toEqual({
    completed: 3,
    failed: 1,
    cancelled: 1,
    jobsPerHour: 5 / 24,
    successRate: 0.75,
    averageRunMs: 3_000,
    medianRunMs: 3_000,
    p95RunMs: 4_800,
    averageQueueMs: 300,
    cost: { microUsd: 3000, inputTokens: 30, complete: false, unpricedModels: ['unknown/model'] },
  });
  expect(
    trend.map(({ figures: { completed, failed, jobsPerHour, cost } }) => [
      completed,
      failed,
      jobsPerHour,
      cost.microUsd,
    ]),
  ).toEqual([
    [2, 0, 2 / 12, 1000],
    [1, 1, 3 / 12, 2000],
  ]);
  expect(
    byWorkflow.map(({ slug, name, figures }) => [
      slug,
      name,
      figures.completed,
      figures.successRate,
      figures.cost.microUsd,
    ]),
  ).toEqual([
    ['demo', 'Demo report', 2, 2 / 3, 1000],
    ['other', 'Other', 1, 1, 2000],
  ]);
});

test('where nothing ended there is nothing to measure', async () => {
  const { data } = await api.query<Statistics>(STATISTICS, { filter: { subject: 'none' }, buckets: 3 });
  const { byWorkflow, total, trend } = data.jobStatistics;
  expect(byWorkflow).toEqual([]);
  expect(trend).toHaveLength(3);
  expect(total).toMatchObject({ completed: 0, jobsPerHour: 0, successRate: null, averageRunMs: null });
  expect(total.cost).toMatchObject({ microUsd: 0, complete: true });
});
