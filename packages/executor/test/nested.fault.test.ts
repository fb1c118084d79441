import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { WorkflowDefinition } from '@signalbox/core/definition';
import { requestCancel } from '@signalbox/db/cancel';
import { cancelWithChildren } from '@signalbox/db/child-jobs';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { deleteJob } from '@signalbox/db/jobs';
import { resumeJob, retryJob } from '@signalbox/db/requeue';
import { SignalSender } from '@signalbox/db/signals';
import { saveWorkflow } from '@signalbox/db/workflows';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openProcessStage, type ProcessStage } from './process-stage.ts';
import { type TestStep, until, workflowOf } from './stage.ts';

let stage: ProcessStage;
let signals: SignalSender;
beforeAll(async () => {
  stage = await openProcessStage();
  signals = new SignalSender(stage.url);
  await stage.startExecutor({ SIGNALBOX_CONCURRENCY: '2' });
});
afterAll(async () => {
  await signals.close();
  await stage.close();
});

/** Saves a workflow of these steps. Gives its slug. */
async function save(steps: TestStep[], more: Partial<WorkflowDefinition> = {}): Promise<string> {
  const definition = { ...workflowOf(steps), ...more };
  await saveWorkflow(stage.db, DEFAULT_TENANT_ID, definition, JSON.stringify(definition));
  return definition.slug;
}

const nested = (workflow: string, more: Partial<TestStep> = {}, input: object = {}): TestStep => {
  return { key: 'inner', type: 'workflow', with: { workflow, input: { ...input } }, ...more };
};

const isNow = (jobId: string, status: string) =>
  until(
    `the job is ${status}`,
    () => stage.job(jobId),
    (job) => job.status === status,
  );

const childrenOf = (parentId: string) =>
  stage.db.prisma.job.findMany({ where: { parentId }, orderBy: { id: 'asc' }, include: { parentStep: true } });

/** The only one, once there is one. */
async function childOf(parentId: string): Promise<string> {
  const children = await until(
    'there is a child',
    () => childrenOf(parentId),
    ({ length }) => length > 0,
  );
  expect(children).toHaveLength(1);
  return children[0]?.id ?? '';
}

async function cancel(jobId: string, force = false): Promise<string[]> {
  const asked = await cancelWithChildren(stage.db, DEFAULT_TENANT_ID, jobId, force);
  for (const id of asked) signals.send('control', id);
  return asked;
}

const newFile = () => path.join(stage.folder, randomUUID());
const gate = (file: string): TestStep => ({ key: 'gate', type: 'test.gate', with: { file } });
const echo: TestStep = { key: 'echo', type: 'test.echo', with: { greeting: '${{ input.name }}' } };

describe('a job within a job', () => {
  test('is made of its workflow, and its output is the output of the step', async () => {
    const slug = await save([echo]);
    const id = await stage.queue([
      nested(slug, {}, { name: 'you' }),
      { key: 'then', type: 'test.echo', with: { greeting: '${{ steps.inner.output.greeting }}!' } },
    ]);
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'COMPLETED', output: { greeting: 'you!' } });
    const [child] = await childrenOf(id);
    expect(child).toMatchObject({
      workflowSlug: slug,
      status: 'COMPLETED',
      depth: 1,
      parentStep: { key: 'inner', jobId: id },
    });
    expect(job.step('inner').attempts).toMatchObject([{ number: 1, status: 'COMPLETED' }]);
    expect(await stage.logged(id, /^Waiting for the job /)).toMatchObject({ stepKey: 'inner' });
  });

  test('runs while the parent is WAITING and takes no slot', async () => {
    const file = newFile();
    const slug = await save([gate(file)]);
    const parents = await Promise.all([stage.queue([nested(slug)]), stage.queue([nested(slug)])]);
    for (const id of parents) await isNow(id, 'WAITING');
    for (const id of parents) await isNow(await childOf(id), 'RUNNING');
    await writeFile(file, '');
    for (const id of parents) expect((await stage.settled(id)).status).toBe('COMPLETED');
  });

  test('may be made by each item of a forEach step, and while another step runs', async () => {
    const file = newFile();
    const slug = await save([echo]);
    const id = await stage.queue([
      nested(slug, { needs: [], forEach: ['a', 'b', 'c'], with: { workflow: slug, input: { name: '${{ item }}' } } }),
      { ...gate(file), needs: [] },
    ]);
    const done = await until(
      'the items are done',
      () => stage.job(id),
      (job) => job.step('inner').status === 'COMPLETED',
    );
    expect(done.step('inner').output).toMatchObject([{ greeting: 'a' }, { greeting: 'b' }, { greeting: 'c' }]);
    expect(done.epoch).toBe(1);
    await writeFile(file, '');
    expect((await stage.settled(id)).status).toBe('COMPLETED');
  });

  test('that fails makes the step fail, with its root cause and its id; a retried step makes a new one', async () => {
    const slug = await save([
      { key: 'boom', type: 'test.fail', with: { message: 'out of paper', category: 'NETWORK' } },
    ]);
    const id = await stage.queue([nested(slug, { retry: { attempts: 2, delayMs: 1, factor: 1, maxDelayMs: 1 } })]);
    const job = await stage.settled(id);
    const children = await childrenOf(id);
    expect(children.map(({ status }) => status)).toEqual(['FAILED', 'FAILED']);
    expect(job).toMatchObject({ status: 'FAILED', category: 'NETWORK', errorStepKey: 'inner' });
    expect(job.error).toBe(
      `The job ${children[1]?.id} of the workflow "${slug}" failed in its step "boom": out of paper`,
    );
    await resumeJob(stage.db, DEFAULT_TENANT_ID, id);
    await until(
      'there are more',
      () => childrenOf(id),
      ({ length }) => length > 2,
    );
    await stage.settled(id);
  });

  test('that is cancelled by itself fails the step, and is not made again', async () => {
    const slug = await save([gate(newFile())]);
    const id = await stage.queue([nested(slug, { retry: { attempts: 3, delayMs: 1, factor: 1, maxDelayMs: 1 } })]);
    const child = await childOf(id);
    await isNow(child, 'RUNNING');
    await cancel(child);
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'FAILED', category: 'CANCELLED', error: expect.stringContaining(child) });
    expect(await childrenOf(id)).toHaveLength(1);
  });

  test('is cancelled with its parent, and so are those within it', async () => {
    const innermost = await save([gate(newFile())]);
    const middle = await save([nested(innermost)]);
    const id = await stage.queue([nested(middle)]);
    const child = await childOf(id);
    const grandchild = await childOf(child);
    await isNow(grandchild, 'RUNNING');
    // One that an executor has found abandoned meanwhile need not be asked.
    const [first, ...within] = await cancel(id);
    expect(first).toBe(id);
    expect([child, grandchild]).toEqual(expect.arrayContaining(within));
    for (const one of [id, child, grandchild]) expect((await stage.settled(one)).status).toBe('CANCELLED');
    await retryJob(stage.db, DEFAULT_TENANT_ID, id);
    const again = await until(
      'a new one is made',
      () => childrenOf(id),
      ({ length }) => length === 2,
    );
    await isNow(again[1]?.id ?? '', 'WAITING');
    await cancel(id, true);
    await stage.settled(again[1]?.id ?? '');
  });

  test('is cancelled when the parent, which runs, is; and by the reaper when nobody else does it', async () => {
    const slug = await save([gate(newFile())]);
    const id = await stage.queue([nested(slug, { needs: [] }), { ...gate(newFile()), needs: [] }]);
    const child = await childOf(id);
    await isNow(child, 'RUNNING');
    // As by a server that dies before it has told the child.
    await requestCancel(stage.db, DEFAULT_TENANT_ID, id, false);
    for (const one of [id, child]) expect((await stage.settled(one)).status).toBe('CANCELLED');
  });

  test('is cancelled when the time of its step is up', async () => {
    const slug = await save([gate(newFile())]);
    const id = await stage.queue([nested(slug, { timeoutMs: 300 })]);
    expect(await stage.settled(id)).toMatchObject({ status: 'FAILED', category: 'TIMEOUT' });
    expect((await stage.settled(await childOf(id))).status).toBe('CANCELLED');
  });

  test('goes on for itself when it is retried by hand, and stays when its parent is deleted', async () => {
    const file = newFile();
    const slug = await save([{ key: 'boom', type: 'test.fail', with: { until: 2 } }, gate(file)]);
    const id = await stage.queue([nested(slug)]);
    await stage.settled(id);
    const child = await childOf(id);
    await retryJob(stage.db, DEFAULT_TENANT_ID, child);
    await isNow(child, 'RUNNING');
    await deleteJob(stage.db, DEFAULT_TENANT_ID, id);
    await writeFile(file, '');
    expect((await stage.settled(child)).status).toBe('COMPLETED');
  });

  test.each([
    ['is not there', () => 'no-such-workflow', /There is no workflow "no-such-workflow"/, 'CONFIGURATION'],
    [
      'gets an input that does not fit',
      () => save([echo], { input: { type: 'object', required: ['name'] } }),
      /does not fit the workflow/,
      'USER_INPUT',
    ],
    [
      'is refused by its concurrency key',
      async () => {
        const slug = await save([gate(newFile())], {
          concurrency: { key: randomUUID(), limit: 1, onConflict: 'refuse' },
        });
        await childOf(await stage.queue([nested(slug)]));
        return slug;
      },
      /refuses a new job/,
      'CONFIGURATION',
    ],
  ])('fails its step when the workflow %s', async (_what, slug, message, category) => {
    const job = await stage.settled(await stage.queue([nested(await slug())]));
    expect(job).toMatchObject({ status: 'FAILED', category, error: expect.stringMatching(message) });
  });
});

test('a workflow that runs itself without end is stopped at a depth, with the way there', async () => {
  const slug = `test-${randomUUID()}`;
  await save([nested(slug)], { slug });
  const job = await stage.settled(await stage.queue([nested(slug)]), 60_000);
  expect(job.status).toBe('FAILED');
  expect(job.error).toContain('Jobs may be nested 10 deep');
  expect(await stage.db.prisma.job.count({ where: { workflowSlug: slug } })).toBe(10);
});

test('a job that shares the concurrency key of its parent is not in its own way', async () => {
  const concurrency = { key: randomUUID(), limit: 1, onConflict: 'cancel-oldest' } as const;
  const slug = await save([echo], { concurrency });
  const job = await stage.settled(await stage.queue([nested(slug, {}, { name: 'x' })], { workflow: { concurrency } }));
  expect(job.status).toBe('COMPLETED');
});

test('one child is made and waited for, though the worker of its parent is killed', async () => {
  const file = newFile();
  const slug = await save([gate(file)]);
  const victim = await stage.start('victim', { SIGNALBOX_LEASE_SECONDS: '8', SIGNALBOX_QUEUES: 'rough' });
  const id = await stage.queue(
    [nested(slug, { needs: [] }), { ...gate(newFile()), needs: [], continueOnError: true }],
    {
      workflow: { queue: 'rough' },
    },
  );
  const child = await childOf(id);
  await isNow(child, 'RUNNING');
  victim.signal('SIGKILL');
  await victim.exited;
  await stage.startExecutor({ SIGNALBOX_QUEUES: 'rough' });
  await writeFile(file, '');
  await until(
    'the step is done',
    () => stage.job(id),
    (job) => job.step('inner').status === 'COMPLETED',
  );
  expect(await childOf(id)).toBe(child);
  expect((await stage.job(id)).step('inner').attempts).toMatchObject([{ number: 1, status: 'COMPLETED' }]);
  await cancel(id);
});
