import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningProduct, sampleRepository, startProduct, temporaryFolder } from './running-product.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let product: RunningProduct;
const env = { SIGNALBOX_LEASE_SECONDS: '5', SIGNALBOX_CANCEL_GRACE_SECONDS: '1' };

beforeAll(async () => {
  folder = await temporaryFolder();
  product = await startProduct({ dataDir: `${folder.path}/data`, env });
}, 120_000);
afterAll(async () => {
  await product?.stop();
  await folder?.remove();
});

const CREATE = `mutation ($input: CreateJobInput!) { createJob(input: $input) { __typename ... on Job { id } ... on Error { message } } }`;
const UPDATED = `subscription ($id: ID!) { jobUpdated(id: $id) { job { status error { category message } steps { key status attemptNumber } } } }`;
const LOGGED = `subscription ($id: ID!) { stepLogged(jobId: $id) { lines { seq stepKey message } } }`;

interface Updated {
  jobUpdated: {
    job: {
      status: string;
      error: { category: string } | null;
      steps: { key: string; status: string; attemptNumber: number }[];
    };
  };
}
interface Logged {
  stepLogged: { lines: { seq: number; stepKey: string | null; message: string }[] };
}

async function createJob(workflow: string, input: object = {}): Promise<string> {
  const { createJob: job } = await product.query<{ createJob: { __typename: string; id: string } }>(CREATE, {
    input: { workflow, input },
  });
  expect(job.__typename).toBe('Job');
  return job.id;
}

async function saveWorkflow(source: string): Promise<void> {
  const { saveWorkflow: saved } = await product.query<{ saveWorkflow: object }>(
    `mutation ($source: String!) { saveWorkflow(source: $source) { __typename ... on InvalidInput { issues { path message } } } }`,
    { source },
  );
  expect(saved).toEqual({ __typename: 'Workflow' });
}

const isFinal = ({ jobUpdated: { job } }: Updated) => ['COMPLETED', 'FAILED', 'CANCELLED'].includes(job.status);

/** Processes whose command line holds the text. */
async function processesWith(text: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,args=']);
  return stdout.split('\n').filter((line) => line.includes(text) && !line.includes('ps -eo'));
}

/** How many processes are the program itself, without the shells that were told to start it. */
async function running(program: string): Promise<number> {
  return (await processesWith(program)).filter((line) => line.trim().replace(/^\d+ /, '') === program).length;
}

/** A `sleep` that no other process on this machine has, so that it can be found. */
const uniqueSleep = () => `sleep ${randomInt(100_000, 999_999)}`;

test('a program follows a report over graphql-ws: every line once and in order, then the output', async () => {
  const id = await createJob('repository-report', { repository: await sampleRepository(folder.path) });
  const batches = await product.subscribe<Logged>(LOGGED, { id });
  const lines = batches.flatMap((batch) => batch.stepLogged.lines);
  expect(lines.map((line) => line.seq)).toEqual(lines.map((_, index) => index + 1));
  expect(lines.some((line) => line.stepKey === 'history' && line.message.includes('2 commits by 1 authors'))).toBe(
    true,
  );
  const { job } = await product.query<{
    job: { status: string; output: { report: string; summary: string; commits: number } };
  }>(`query ($id: ID!) { job(id: $id) { status output } }`, { id });
  expect(job).toMatchObject({ status: 'COMPLETED', output: { commits: 2 } });
  expect(job.output.report).toContain('| Ada | 2 |');
  expect(job.output.summary).toContain('offline/echo');
});

test('the data pipeline fans in to sums that agree', async () => {
  const id = await createJob('data-pipeline');
  await product.subscribe<Updated>(UPDATED, { id }, isFinal);
  const { job } = await product.query<{ job: object }>(
    `query ($id: ID!) { job(id: $id) { status output step(key: "download") { status skippedBecause } } }`,
    { id },
  );
  expect(job).toMatchObject({
    status: 'COMPLETED',
    output: { leftOut: 2, total: expect.any(Number) },
    step: { status: 'SKIPPED', skippedBecause: 'condition is false: has(input.url) (input.url is absent)' },
  });
});

test('a cancel ends every process of the step before the job says CANCELLED', async () => {
  const sleep = uniqueSleep();
  await saveWorkflow(
    `{ slug: stubborn, steps: [{ key: wait, type: command, with: { run: "trap '' TERM; (${sleep} & ${sleep}); true" } }] }`,
  );
  const id = await createJob('stubborn');
  // A step is told as running before its shell has done anything.
  await expect.poll(() => running(sleep)).toBe(2);
  await product.query(`mutation ($id: ID!) { cancelJob(id: $id) { __typename } }`, { id });
  const updates = await product.subscribe<Updated>(UPDATED, { id }, isFinal);
  expect(updates.at(-1)?.jobUpdated.job.status).toBe('CANCELLED');
  expect(await processesWith(sleep)).toEqual([]);
});

test('after kill -9 of everything the next start goes on where it can, fails the rest with a reason, and leaves no orphan', {
  timeout: 120_000,
}, async () => {
  const sleep = uniqueSleep();
  const marker = `${folder.path}/second-try`;
  const run = `test -e ${marker} && exit 0; touch ${marker}; ${sleep}`;
  await saveWorkflow(
    JSON.stringify({
      slug: 'interrupted',
      steps: [
        { key: 'before', type: 'command', with: { run: 'echo done' } },
        { key: 'wait', type: 'command', with: { run }, retry: { attempts: 2 } },
      ],
    }),
  );
  await saveWorkflow(
    JSON.stringify({ slug: 'unrepeatable', steps: [{ key: 'wait', type: 'command', with: { run: sleep } }] }),
  );
  const [repeatable, unrepeatable] = [await createJob('interrupted'), await createJob('unrepeatable')];
  const waits = ({ jobUpdated: { job } }: Updated) =>
    job.steps.some((step) => step.key === 'wait' && step.status === 'RUNNING');
  await product.subscribe<Updated>(UPDATED, { id: repeatable }, waits);
  await product.subscribe<Updated>(UPDATED, { id: unrepeatable }, waits);
  // A step is told as running before its shell has done anything; the marker stands before the sleep.
  await expect.poll(() => running(sleep)).toBe(2);
  const before = await product.query<{ jobs: { totalCount: number } }>('{ jobs { totalCount } }');

  if (product.process.pid === undefined) throw new Error('the product has no pid');
  process.kill(-product.process.pid, 'SIGKILL');
  product = await startProduct({ dataDir: `${folder.path}/data`, env });

  expect(await product.query('{ jobs { totalCount } }')).toEqual(before);
  const went = await product.subscribe<Updated>(UPDATED, { id: repeatable }, isFinal);
  expect(went.at(-1)?.jobUpdated.job).toMatchObject({
    status: 'COMPLETED',
    steps: [
      { key: 'before', attemptNumber: 1 },
      { key: 'wait', attemptNumber: 2 },
    ],
  });
  const failed = await product.subscribe<Updated>(UPDATED, { id: unrepeatable }, isFinal);
  expect(failed.at(-1)?.jobUpdated.job).toMatchObject({ status: 'FAILED', error: { category: 'WORKER_LOST' } });
  // The job may be told as failed before the orphans of its lost worker are ended, and a connection's process looks for a moment
  // like the database's own.
  await expect.poll(() => processesWith(sleep)).toEqual([]);
  await expect.poll(() => processesWith(`-D ${folder.path}/data/postgres`)).toHaveLength(1);

  expect(await product.stop()).toBe(0);
  // The shell that would have stopped the first database looks once a second whether that is still there.
  await expect.poll(() => processesWith(folder.path)).toEqual([]);
});
