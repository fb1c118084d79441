import { afterAll, afterEach, beforeAll, expect, expectTypeOf, test, vi } from 'vitest';
import { graphql, type LogLine, SignalboxClient, SignalboxError } from '../src/client/client.ts';
import { CuttableProxy } from './cuttable-proxy.ts';
import { type ApiFixture, createApiFixture, TENANT } from './fixture.ts';

let api: ApiFixture;
let proxy: CuttableProxy;
const clients: SignalboxClient[] = [];
beforeAll(async () => {
  api = await createApiFixture();
  await api.worker.register(TENANT, ['command', 'prompt']);
  proxy = new CuttableProxy(api.url);
  await proxy.open();
});
afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));
afterAll(async () => {
  await proxy.cut();
  await api.close();
});

function connect(url = api.url): SignalboxClient {
  const client = new SignalboxClient({ url });
  clients.push(client);
  return client;
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'nothing was thrown',
    (error: unknown) => (error instanceof SignalboxError ? error.code : error),
  );

test('a job is made, watched to its end and read, without a line of GraphQL', async () => {
  const client = connect();
  const { id, status } = await client.createJob({ workflow: 'demo', input: { repository: '.' }, labels: ['typed'] });
  expect(status).toBe('QUEUED');
  const end = client.waitForJob(id);
  await api.worker.finish(id);
  expect(await end).toMatchObject({ id, status: 'COMPLETED', output: { done: true }, input: { depth: 3 } });
  const { jobs, totalCount } = await client.jobs({ filter: { labels: ['typed'] } });
  expect([jobs.map((job) => job.id), totalCount]).toEqual([[id], 1]);
});

test('a document of one’s own knows the types of its variables and of its result', async () => {
  const Steps = graphql(`query ($slug: String!) { workflow(slug: $slug) { version steps { key needs } } }`);
  const { workflow } = await connect().send(Steps, { slug: 'demo' });
  expectTypeOf(workflow).toEqualTypeOf<{ version: number; steps: { key: string; needs: string[] }[] } | null>();
  expect(workflow?.steps).toEqual([
    { key: 'history', needs: [] },
    { key: 'summary', needs: ['history'] },
  ]);
});

test('what is refused is thrown with its code, what is wrong, and what is allowed instead', async () => {
  const client = connect();
  const id = await api.newJob();
  const refusal = await client.retryJob(id).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(SignalboxError);
  expect(refusal).toMatchObject({ code: 'CONFLICT', allowed: expect.arrayContaining(['CANCEL']) });
  const invalid = await client
    .createJob({ workflow: 'demo', input: { depth: 'deep' } })
    .catch((error: unknown) => error);
  expect(invalid).toMatchObject({
    code: 'INVALID_INPUT',
    issues: expect.arrayContaining([expect.objectContaining({ path: '/depth' })]),
  });
  expect(await codeOf(client.job('nothing'))).toBe('NOT_FOUND');
  expect(await codeOf(client.jobs({ after: 'nonsense' }))).toBe('BAD_CURSOR');
});

test('where nothing answers, the error says so and what to do', async () => {
  const client = connect('http://127.0.0.1:1');
  expect(await codeOf(client.jobs())).toBe('UNREACHABLE');
  const watch = client.watchJobs().next();
  expect(await codeOf(watch)).toBe('UNREACHABLE');
});

test('a connection that is cut again and again loses no line, doubles none, and misses no end', async () => {
  const client = connect(proxy.url.replace(/\/$/, ''));
  const id = await api.newJob();
  const held = await api.worker.claim(id);
  const states: string[] = [];
  const lines: LogLine[] = [];
  let cuts = 0;
  const options = { onConnection: (state: string) => states.push(state) };
  const statuses: string[] = [];
  const watching = (async () => {
    for await (const { job } of client.watchJob(id, options)) {
      if (job) statuses.push(job.status);
      if (job?.status === 'COMPLETED') return;
    }
  })();
  const writing = (async () => {
    for (let batch = 0; batch < 40; batch++)
      await api.worker.log(
        held,
        Array.from({ length: 25 }, (_, index) => `line ${batch * 25 + index + 1}`),
      );
    await api.worker.settle(held, { status: 'COMPLETED', output: { done: true }, error: null });
  })();
  for await (const line of client.followLogs(id, options)) {
    lines.push(line);
    if (lines.length % 100 === 0 && cuts < 8) {
      cuts++;
      await proxy.cut();
      await proxy.open();
    }
  }
  await Promise.all([writing, watching]);
  expect(lines.map(({ message }) => message)).toEqual(Array.from({ length: 1_000 }, (_, index) => `line ${index + 1}`));
  expect(cuts).toBe(8);
  expect(statuses.at(-1)).toBe('COMPLETED');
  expect(states).toContain('lost');
  expect(states.at(-1)).toBe('back');
});

test('a lost connection is back when it brings nothing but the end', async () => {
  const client = connect(proxy.url.replace(/\/$/, ''));
  const id = await api.newJob();
  const held = await api.worker.claim(id);
  await api.worker.log(held, ['the only line']);
  const lost = Promise.withResolvers<void>();
  const states: string[] = [];
  const onConnection = (state: string) => {
    states.push(state);
    lost.resolve();
  };
  const seqs: number[] = [];
  for await (const { seq } of client.followLogs(id, { onConnection })) {
    seqs.push(seq);
    await proxy.cut();
    void lost.promise.then(async () => {
      await api.worker.settle(held, { status: 'COMPLETED', output: null, error: null });
      await proxy.open();
    });
  }
  expect(seqs).toEqual([1]);
  expect(states).toEqual(['lost', 'back']);
});

test('a quiet subscription is back as soon as its connection is, and is as patient the next time', async () => {
  const id = await api.newJob();
  const states: string[] = [];
  const onConnection = (state: string) => states.push(state);
  const watching = connect(proxy.url.replace(/\/$/, '')).watchJob(id, { onConnection });
  await watching.next();
  const change = watching.next();
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    for (let cuts = 0; cuts < 2; cuts += 1) {
      await proxy.cut();
      await expect.poll(() => states.at(-1)).toBe('lost');
      await proxy.open();
      await expect.poll(() => states.at(-1)).toBe('back');
      // Longer than a subscription is patient.
      vi.setSystemTime(Date.now() + 10 * 60_000);
    }
  } finally {
    vi.useRealTimers();
  }
  await api.worker.claim(id);
  expect((await change).value).toMatchObject({ job: { status: 'RUNNING' } });
  expect(states).toEqual(['lost', 'back', 'lost', 'back']);
  await watching.return();
});

test('a reader that is slower than the log holds little of it, and still gets every line', async () => {
  const client = connect();
  const id = await api.newJob();
  const held = await api.worker.claim(id);
  const seqs: number[] = [];
  const first = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const reading = (async () => {
    for await (const { seq } of client.followLogs(id)) {
      seqs.push(seq);
      first.resolve();
      await release.promise;
    }
  })();
  await api.worker.log(held, ['the first']);
  await first.promise;
  for (let batch = 0; batch < 300; batch++) await api.worker.log(held, ['another']);
  await api.worker.settle(held, { status: 'COMPLETED', output: null, error: null });
  release.resolve();
  await reading;
  expect(seqs).toEqual(Array.from({ length: 301 }, (_, index) => index + 1));
});

test('a signal ends a subscription without an error', async () => {
  const client = connect();
  const id = await api.newJob();
  const controller = new AbortController();
  const seen: unknown[] = [];
  for await (const { job } of client.watchJob(id, { signal: controller.signal })) {
    seen.push(job?.status);
    controller.abort();
  }
  expect(seen).toEqual(['QUEUED']);
});
