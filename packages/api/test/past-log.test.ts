import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ApiFixture, createApiFixture } from './fixture.ts';
import { Subscriber } from './subscriber.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

interface Logged {
  stepLogged: { cursor: string; lines: { seq: number; message: string }[] };
}

/** A job that has ended with so many lines in its log. */
async function endedJob(lines: number, text: string): Promise<string> {
  const id = await api.newJob();
  const held = await api.worker.claim(id);
  for (let from = 1; from <= lines; from += 500) {
    const some = Array.from({ length: Math.min(500, lines - from + 1) }, (_, index) => `${from + index} ${text}`);
    await api.worker.log(held, some);
  }
  await api.worker.settle(held, { status: 'COMPLETED', output: null, error: null });
  return id;
}

async function readAll(id: string, after?: string): Promise<number[]> {
  const subscriber = new Subscriber<Logged>(
    api.wsUrl,
    'subscription ($id: ID!, $after: String) { stepLogged(jobId: $id, after: $after) { cursor lines { seq message } } }',
    { id, after },
  );
  const batches = await subscriber.rest();
  await subscriber.close();
  return batches.flatMap(({ stepLogged }) => stepLogged.lines.map(({ seq }) => seq));
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('many readers of a long log share its pages, and each gets every line once', async () => {
  const id = await endedJob(2_300, 'a line');
  const asked = vi.spyOn(api.services.db.pool, 'query');
  try {
    const all = await Promise.all(Array.from({ length: 20 }, () => readAll(id)));
    for (const seqs of all) expect(seqs).toEqual(numbers(1, 2_300));
    const pages = asked.mock.calls.filter(([statement]: unknown[]) => String(statement).includes('FROM log_line'));
    // Four whole pages, read once; the rest of 300 lines is each reader's own.
    expect(pages.length).toBeLessThanOrEqual(4 + 20);
  } finally {
    asked.mockRestore();
  }
});

test('a reader that goes on from the middle of a page gets the rest of it', async () => {
  const id = await endedJob(1_200, 'a line');
  const { data } = await api.query<{ job: { logs: { edges: { cursor: string }[] } } }>(
    'query ($id: ID!) { job(id: $id) { logs(first: 100) { edges { cursor } } } }',
    { id },
  );
  await readAll(id);
  expect(await readAll(id, data.job.logs.edges.at(-1)?.cursor)).toEqual(numbers(101, 1_200));
});

test('lines so long that a page ends early are all read, once each', async () => {
  const id = await endedJob(1_100, 'x'.repeat(9_000));
  const [one, other] = await Promise.all([readAll(id), readAll(id)]);
  expect(one).toEqual(numbers(1, 1_100));
  expect(other).toEqual(numbers(1, 1_100));
});
