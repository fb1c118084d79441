import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requestCancel } from '../src/cancel.ts';
import { claimJob } from '../src/executions.ts';
import { ConflictError, NotFoundError } from '../src/failures.ts';
import { newId } from '../src/ids.ts';
import { createJob, deleteJob, insertJob, rerunJob, startJob } from '../src/jobs.ts';
import { findWorkflow, saveWorkflow } from '../src/workflows.ts';
import { createFixture, type Fixture, TENANT, threeSteps, worker } from './fixture.ts';
import { waitingForLocks } from './locks.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const queueTasks = async (jobId: string) =>
  (
    await fixture.db.pool.query('SELECT task_identifier, priority FROM graphile_worker.jobs WHERE key = $1', [
      `job:${jobId}`,
    ])
  ).rows;
const logOf = async (jobId: string) =>
  (await fixture.db.pool.query('SELECT seq, stream, message FROM log_line WHERE job_id = $1 ORDER BY seq', [jobId]))
    .rows;

describe('creating a job', () => {
  test('stores the job, its steps in order, an event and one queue task', async () => {
    const id = await fixture.newJob({ priority: 'CRITICAL', labels: ['a'], subject: 'ticket 7' });
    const job = await fixture.db.prisma.job.findUniqueOrThrow({
      where: { id },
      include: { steps: { orderBy: { index: 'asc' } } },
    });
    expect(job).toMatchObject({
      status: 'QUEUED',
      priority: 'CRITICAL',
      totalSteps: 3,
      subject: 'ticket 7',
      labels: ['a'],
      workflowName: 'Three steps',
    });
    expect(job.steps.map((step) => [step.key, step.status, step.needs])).toEqual([
      ['first', 'PENDING', []],
      ['second', 'PENDING', ['first']],
      ['third', 'PENDING', ['second']],
    ]);
    expect(await queueTasks(id)).toEqual([{ task_identifier: 'run-job/default', priority: -20 }]);
  });

  test('without starting leaves it CREATED and out of the queue until it is started', async () => {
    const id = await fixture.newJob({ start: false });
    expect(await fixture.status(id)).toBe('CREATED');
    expect(await queueTasks(id)).toEqual([]);
    await startJob(fixture.db, TENANT, id);
    expect(await fixture.status(id)).toBe('QUEUED');
    expect(await queueTasks(id)).toHaveLength(1);
    await expect(startJob(fixture.db, TENANT, id)).rejects.toBeInstanceOf(ConflictError);
  });

  test('twice with the same idempotency key gives the same job, whatever the order of the input keys', async () => {
    const first = await createJob(fixture.db, {
      tenantId: TENANT,
      workflow: fixture.workflow,
      input: { a: 1, b: 2 },
      idempotencyKey: 'k1',
    });
    const again = await createJob(fixture.db, {
      tenantId: TENANT,
      workflow: fixture.workflow,
      input: { b: 2, a: 1 },
      idempotencyKey: 'k1',
    });
    expect(again).toEqual({ id: first.id, created: false });
    await expect(fixture.newJob({ input: { a: 2 }, idempotencyKey: 'k1' })).rejects.toThrow(
      'was used for another request',
    );
  });

  test('keeps text that PostgreSQL refuses as it is in a visible form', async () => {
    const id = await fixture.newJob({ input: { text: 'a\u0000b\ud800' }, subject: 'nul \u0000' });
    const job = await fixture.db.prisma.job.findUniqueOrThrow({ where: { id } });
    expect(job.input).toEqual({ text: 'a\u2400b\ufffd' });
    expect(job.subject).toBe('nul \u2400');
  });
});

describe('claiming a job', () => {
  test('succeeds for exactly one of many workers', async () => {
    const id = await fixture.newJob();
    const claims = await Promise.all(Array.from({ length: 8 }, () => claimJob(fixture.db, id, worker())));
    const won = claims.filter((claim) => claim !== undefined);
    expect(won).toHaveLength(1);
    expect(won[0]).toMatchObject({ id, epoch: 1, workflow: 'three-steps', version: 1 });
    expect(won[0]?.steps.map((step) => step.key)).toEqual(['first', 'second', 'third']);
  });
});

describe('cancelling a job', () => {
  test('that waits in the queue ends it at once, with its steps, its queue task and a line in its log', async () => {
    const id = await fixture.newJob();
    await requestCancel(fixture.db, TENANT, id, false);
    const job = await fixture.db.prisma.job.findUniqueOrThrow({ where: { id }, include: { steps: true } });
    expect(job.status).toBe('CANCELLED');
    expect(job.completedAt).not.toBeNull();
    expect(new Set(job.steps.map((step) => step.status))).toEqual(new Set(['CANCELLED']));
    expect(await queueTasks(id)).toEqual([]);
    expect(await logOf(id)).toEqual([{ seq: 1, stream: 'SYSTEM', message: 'Job cancelled before it ran on' }]);
  });

  test('that runs only marks it; asking again says nothing new until force is asked for', async () => {
    const { id } = await fixture.newClaimedJob();
    await requestCancel(fixture.db, TENANT, id, false);
    await requestCancel(fixture.db, TENANT, id, false);
    expect(await fixture.status(id)).toBe('RUNNING');
    expect(await logOf(id)).toHaveLength(1);
    await requestCancel(fixture.db, TENANT, id, true);
    expect(await logOf(id)).toHaveLength(2);
    const job = await fixture.db.prisma.job.findUniqueOrThrow({ where: { id } });
    expect(job.cancelForced).toBe(true);
    expect(job.cancelRequestedAt).not.toBeNull();
  });

  test('that is final is refused with what is allowed instead', async () => {
    const id = await fixture.newJob();
    await requestCancel(fixture.db, TENANT, id, false);
    const failure = await requestCancel(fixture.db, TENANT, id, false).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConflictError);
    expect((failure as ConflictError).allowed).toContain('RERUN');
  });

  test('of an unknown, malformed or foreign id is not found', async () => {
    const id = await fixture.newJob();
    for (const [tenant, unknown] of [
      [TENANT, newId()],
      [TENANT, 'no-uuid'],
      [newId(), id],
    ] as const) {
      await expect(requestCancel(fixture.db, tenant, unknown, false)).rejects.toBeInstanceOf(NotFoundError);
    }
  });
});

describe('rerun and delete', () => {
  test('a rerun is a new job with the same input and leaves the original untouched', async () => {
    const id = await fixture.newJob({ input: { n: 1 }, labels: ['x'] });
    await expect(rerunJob(fixture.db, TENANT, id)).rejects.toBeInstanceOf(ConflictError);
    await requestCancel(fixture.db, TENANT, id, false);
    const rerunId = await rerunJob(fixture.db, TENANT, id);
    const rerun = await fixture.db.prisma.job.findUniqueOrThrow({ where: { id: rerunId } });
    expect(rerun).toMatchObject({ status: 'QUEUED', rerunOfId: id, input: { n: 1 }, labels: ['x'] });
    expect(await fixture.status(id)).toBe('CANCELLED');
  });

  test('only a final job can be deleted, and everything of it goes', async () => {
    const id = await fixture.newJob();
    await expect(deleteJob(fixture.db, TENANT, id)).rejects.toBeInstanceOf(ConflictError);
    await requestCancel(fixture.db, TENANT, id, false);
    await deleteJob(fixture.db, TENANT, id);
    expect(await fixture.status(id)).toBeUndefined();
    expect(await logOf(id)).toEqual([]);
    await expect(deleteJob(fixture.db, TENANT, id)).rejects.toBeInstanceOf(NotFoundError);
  });
});

test('the database itself refuses a final job without a finish time', async () => {
  const id = await fixture.newJob();
  await expect(fixture.db.pool.query(`UPDATE job SET status = 'CANCELLED' WHERE id = $1`, [id])).rejects.toThrow(
    'job_final_has_completed_at',
  );
});

test('a repeated request that meets the first one gets its job, also where the workflow refuses a second job', async () => {
  const definition = {
    ...threeSteps,
    slug: 'one-at-a-time',
    concurrency: { key: 'all', limit: 1, onConflict: 'refuse' as const },
  };
  await saveWorkflow(fixture.db, TENANT, definition, JSON.stringify(definition));
  const workflow = await findWorkflow(fixture.db, TENANT, definition.slug);
  if (!workflow) throw new Error('the workflow was not saved');
  const job = { tenantId: TENANT, workflow, input: {}, idempotencyKey: 'meets' };
  const client = await fixture.db.pool.connect();
  await client.query('BEGIN');
  const first = await insertJob(client, job);
  const second = createJob(fixture.db, job);
  while ((await waitingForLocks(fixture.db)) === 0);
  await client.query('COMMIT');
  client.release();
  expect(await second).toEqual({ id: first.id, created: false });
});
