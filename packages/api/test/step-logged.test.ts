import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { countReads } from './counted-reads.ts';
import { type ApiFixture, createApiFixture } from './fixture.ts';
import { Subscriber } from './subscriber.ts';

let api: ApiFixture;
const open: Subscriber<unknown>[] = [];
beforeAll(async () => {
  api = await createApiFixture();
});
afterEach(() => Promise.all(open.splice(0).map((subscriber) => subscriber.close())));
afterAll(() => api.close());

interface Batch {
  stepLogged: { cursor: string; lines: { seq: number; message: string; stepKey: string | null; cursor: string }[] };
}

const FOLLOW = `subscription ($jobId: ID!, $stepKey: String, $after: String) {
  stepLogged(jobId: $jobId, stepKey: $stepKey, after: $after) { cursor lines { seq message stepKey cursor } }
}`;

function follow(variables: { jobId: string; stepKey?: string; after?: string }): Subscriber<Batch> {
  const subscriber = new Subscriber<Batch>(api.wsUrl, FOLLOW, variables);
  open.push(subscriber);
  return subscriber;
}

const seqs = (batches: Batch[]) => batches.flatMap(({ stepLogged }) => stepLogged.lines.map((line) => line.seq));
const oneTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const has = (count: number) => {
  let seen = 0;
  return ({ stepLogged }: Batch) => {
    seen += stepLogged.lines.length;
    return seen >= count;
  };
};

test('a log comes from its beginning in batches of at most 500, then live, and completes when the job has ended', async () => {
  const jobId = await api.newJob();
  const held = await api.worker.claim(jobId);
  await api.worker.log(
    held,
    oneTo(1_200).map((number) => `line ${number}`),
    'history',
  );
  const subscriber = follow({ jobId });
  const past = await subscriber.until(has(1_200));
  expect(Math.max(...past.map(({ stepLogged }) => stepLogged.lines.length))).toBe(500);
  expect(seqs(past)).toEqual(oneTo(1_200));
  await api.worker.log(held, ['live one', 'live two']);
  expect(seqs(await subscriber.until(has(2)))).toEqual([1_201, 1_202]);
  await api.worker.log(held, ['last']);
  await api.worker.settle(held, { status: 'COMPLETED', output: null, error: null });
  expect(seqs(await subscriber.rest())).toEqual([1_203]);
});

test('an empty log begins with an empty batch, whose cursor can be resumed', async () => {
  const jobId = await api.newJob();
  const subscriber = follow({ jobId });
  const { cursor, lines } = (await subscriber.next()).stepLogged;
  expect(lines).toEqual([]);
  subscriber.cut();
  const held = await api.worker.claim(jobId);
  await api.worker.log(held, ['first']);
  expect(seqs([await follow({ jobId, after: cursor }).next()])).toEqual([1]);
});

test('the log of a final job comes whole and completes', async () => {
  const jobId = await api.newJob();
  const held = await api.worker.claim(jobId);
  await api.worker.log(held, ['a', 'b']);
  await api.worker.settle(held, { status: 'COMPLETED', output: null, error: null });
  expect(seqs(await follow({ jobId }).rest())).toEqual([1, 2]);
});

test('a subscriber that is cut many times gets each line once and in order', async () => {
  const jobId = await api.newJob();
  const held = await api.worker.claim(jobId);
  const total = 3_000;
  const writing = (async () => {
    for (let start = 0; start < total; start += 50) {
      await api.worker.log(
        held,
        oneTo(50).map((number) => `line ${start + number}`),
      );
    }
    await api.worker.settle(held, { status: 'COMPLETED', output: null, error: null });
  })();
  const received: number[] = [];
  let after: string | undefined;
  for (let round = 0; round < 20; round++) {
    const subscriber = follow({ jobId, after });
    const batches = await subscriber.until(has(1 + ((round * 37) % 90))).catch(() => undefined);
    subscriber.cut();
    if (!batches) break;
    received.push(...seqs(batches));
    after = batches.at(-1)?.stepLogged.cursor;
  }
  await writing;
  received.push(...seqs(await follow({ jobId, after }).rest()));
  expect(received).toEqual(oneTo(total));
});

test('the cursor of a single line resumes behind that line, also from a page of the log', async () => {
  const jobId = await api.newJob();
  const held = await api.worker.claim(jobId);
  await api.worker.log(held, ['a', 'b', 'c']);
  const { data } = await api.query<{ job: { logs: { edges: { node: { cursor: string } }[] } } }>(
    'query ($jobId: ID!) { job(id: $jobId) { logs(first: 1) { edges { node { cursor } } } } }',
    { jobId },
  );
  const after = data.job.logs.edges[0]?.node.cursor as string;
  expect(seqs([await follow({ jobId, after }).next()])).toEqual([2, 3]);
});

test('the log of one step has only its lines, live too', async () => {
  const jobId = await api.newJob();
  const held = await api.worker.claim(jobId);
  await api.worker.log(held, ['h1'], 'history');
  await api.worker.log(held, ['s1'], 'summary');
  const subscriber = follow({ jobId, stepKey: 'summary' });
  expect(seqs([await subscriber.next()])).toEqual([2]);
  await api.worker.log(held, ['h2'], 'history');
  await api.worker.log(held, ['s2'], 'summary');
  expect(seqs([await subscriber.next()])).toEqual([4]);
  await api.worker.settle(held, { status: 'COMPLETED', output: null, error: null });
  expect(await subscriber.rest()).toEqual([]);
});

test('the deletion of a job completes what follows its log', async () => {
  const jobId = await api.newJob({ start: false });
  const subscriber = follow({ jobId });
  await subscriber.next();
  await api.services.db.pool.query('DELETE FROM job WHERE id = $1', [jobId]);
  api.services.logFeed.wake([jobId]);
  expect(await subscriber.rest()).toEqual([]);
});

test.each<[string, { stepKey?: string; after?: string }, string]>([
  ['a step that the job does not have', { stepKey: 'nope' }, 'NOT_FOUND'],
  ['a cursor that is none', { after: 'x' }, 'BAD_CURSOR'],
])('%s is refused with a code', async (_what, variables, code) => {
  const jobId = await api.newJob();
  expect((await follow({ jobId, ...variables }).refusal())?.extensions?.code).toBe(code);
});

test.each(['01a202b4-7206-77f7-9122-83343e079a66', 'nonsense'])(
  'the log of the unknown job %s is refused',
  async (jobId) => {
    expect((await follow({ jobId }).refusal())?.extensions?.code).toBe('NOT_FOUND');
  },
);

test('twenty readers of one log cost one read for each new piece of it', async () => {
  const reads = await countReads(api, 'second', async () => {
    const jobId = await api.newJob();
    const held = await api.worker.claim(jobId);
    await api.worker.log(held, ['first']);
    const subscribers = Array.from({ length: 20 }, () => follow({ jobId }));
    await Promise.all(subscribers.map((subscriber) => subscriber.next()));
    await api.worker.log(held, ['second']);
    expect(seqs(await Promise.all(subscribers.map((subscriber) => subscriber.next())))).toEqual(Array(20).fill(2));
  });
  expect(reads).toBe(1);
});
