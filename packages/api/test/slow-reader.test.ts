import { afterAll, beforeAll, expect, test } from 'vitest';
import { INBOX_LIMITS } from '../src/live/inbox.ts';
import { type ApiFixture, createApiFixture } from './fixture.ts';
import { Subscriber } from './subscriber.ts';

let api: ApiFixture;
beforeAll(async () => {
  // Small bounds, so that the test need not fill the buffers of the operating system many times.
  api = await createApiFixture({ limits: { ...INBOX_LIMITS, items: 10, bytes: 64 * 1024 } });
});
afterAll(() => api.close());

interface Batch {
  stepLogged: { cursor: string; lines: { seq: number }[] };
}

const FOLLOW =
  'subscription ($jobId: ID!, $after: String) { stepLogged(jobId: $jobId, after: $after) { cursor lines { seq message } } }';

test('a reader that stops reading is cut with a code, and gets everything when it comes back with its cursor', async () => {
  const jobId = await api.newJob();
  const held = await api.worker.claim(jobId);
  await api.worker.log(held, ['begin']);
  const slow = new Subscriber<Batch>(api.wsUrl, FOLLOW, { jobId });
  const other = new Subscriber<Batch>(api.wsUrl, FOLLOW, { jobId });
  const { cursor } = (await slow.next()).stepLogged;
  slow.stopReading();
  // What is in the pipe has to be read before the goodbye is seen, and the service waits for an answer to that only for a while.
  const cut = (async () => {
    await expect
      .poll(() => api.logged.map(({ msg }) => msg))
      .toContain('a reader that stopped reading was cut; it can resume');
    slow.readAgain();
  })();
  // More than the sockets of both sides hold, so that the writes of the service stop.
  let lines = 1;
  for (let round = 0; round < 80; round++) {
    await api.worker.log(held, [`${round}`.padEnd(200_000, 'x')]);
    lines++;
  }
  let seen = 0;
  await other.until(({ stepLogged }) => {
    seen += stepLogged.lines.length;
    return seen === lines;
  });
  await other.close();
  await cut;
  expect(await slow.closed).toMatchObject({ code: 4290, reason: expect.stringContaining('resume') });
  await slow.close();

  await api.worker.settle(held, { status: 'COMPLETED', output: null, error: null });
  const back = new Subscriber<Batch>(api.wsUrl, FOLLOW, { jobId, after: cursor });
  const rest = await back.rest();
  expect(rest.flatMap(({ stepLogged }) => stepLogged.lines.map((line) => line.seq))).toEqual(
    Array.from({ length: lines - 1 }, (_, index) => index + 2),
  );
  await back.close();
});

test('a reader that is only slower than the log loses nothing and stays connected', async () => {
  const jobId = await api.newJob();
  const held = await api.worker.claim(jobId);
  await api.worker.log(held, ['begin']);
  const reader = new Subscriber<Batch>(api.wsUrl, FOLLOW, { jobId });
  await reader.next();
  const writing = Promise.all(
    Array.from({ length: 60 }, async (_, round) => api.worker.log(held, [`${round}`.padEnd(30_000, 'y')])),
  ).then(() => api.worker.settle(held, { status: 'COMPLETED', output: null, error: null }));
  const rest = await reader.rest();
  await writing;
  expect(rest.flatMap(({ stepLogged }) => stepLogged.lines.map((line) => line.seq))).toEqual(
    Array.from({ length: 60 }, (_, index) => index + 2),
  );
  await reader.close();
});
