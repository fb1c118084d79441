import type { EventPosition } from '@signalbox/db/events';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { encodeEventCursor } from '../src/cursors.ts';
import { JobScope } from '../src/live/job-scope.ts';
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

interface Update {
  jobUpdated: { cursor: string; deletedId: string | null; job: { id: string; status: string } | null };
}

const WATCH = `subscription ($id: ID, $filter: JobFilter, $after: String) {
  jobUpdated(id: $id, filter: $filter, after: $after) { cursor deletedId job { id status } }
}`;

function watch(variables: { id?: string; filter?: object; after?: string }): Subscriber<Update> {
  const subscriber = new Subscriber<Update>(api.wsUrl, WATCH, variables);
  open.push(subscriber);
  return subscriber;
}

const statusOf = ({ jobUpdated }: Update) => jobUpdated.job?.status;
const remove = (id: string) => api.query('mutation ($id: ID!) { deleteJob(id: $id) { __typename } }', { id });

/** Of the last change that a job has seen: with it everything is told. */
async function lastCursor(id: string): Promise<string> {
  const { rows } = await api.services.db.pool.query<EventPosition>(
    'SELECT xid::text AS xid, id::text AS id FROM job_event e WHERE job_id = $1 ORDER BY e.xid DESC, e.id DESC LIMIT 1',
    [id],
  );
  if (!rows[0]) throw new Error(`job ${id} has seen no change`);
  return encodeEventCursor(rows[0]);
}

test('a watched job tells its present state first and then every change, also those made elsewhere', async () => {
  const id = await api.newJob();
  const subscriber = watch({ id });
  expect(statusOf(await subscriber.next())).toBe('QUEUED');
  const held = await api.worker.claim(id);
  expect(statusOf(await subscriber.next())).toBe('RUNNING');
  await api.worker.settle(held, { status: 'COMPLETED', output: null, error: null });
  expect(statusOf(await subscriber.next())).toBe('COMPLETED');
});

test('a mutation of this process is told at once', async () => {
  const id = await api.newJob({ start: false });
  const subscriber = watch({ id });
  expect(statusOf(await subscriber.next())).toBe('CREATED');
  await api.query('mutation ($id: ID!) { startJob(id: $id) { __typename } }', { id });
  expect(statusOf(await subscriber.next())).toBe('QUEUED');
});

test('a cut subscriber that resumes with its last cursor hears what it missed, once, and then goes live', async () => {
  const id = await api.newJob();
  const first = watch({ id });
  const { cursor } = (await first.next()).jobUpdated;
  first.cut();
  const held = await api.worker.claim(id);
  await api.worker.record(held, { stepPercent: 10 });

  const second = watch({ id, after: cursor });
  const missed = await second.next();
  expect(statusOf(missed)).toBe('RUNNING');
  await api.worker.settle(held, { status: 'COMPLETED', output: null, error: null });
  const end = await lastCursor(id);
  const last = (await second.until(({ jobUpdated }) => jobUpdated.cursor === end)).at(-1);
  expect(last && statusOf(last)).toBe('COMPLETED');

  // Nothing has changed since, so the next thing to hear is the deletion.
  const third = watch({ id, after: end });
  await remove(id);
  expect((await third.next()).jobUpdated).toMatchObject({ job: null, deletedId: id });
  expect(await third.rest()).toEqual([]);
});

test('a deletion that happened while away is told to whoever resumes, and completes the subscription', async () => {
  const id = await api.newJob();
  const first = watch({ id });
  const { cursor } = (await first.next()).jobUpdated;
  first.cut();
  await api.worker.finish(id);
  await remove(id);
  const all = await watch({ id, after: cursor }).rest();
  expect(all).not.toEqual([]);
  // What came before may be told by itself, of a job that is gone by then.
  for (const { jobUpdated } of all) expect(jobUpdated).toMatchObject({ job: null, deletedId: id });
});

test('a filter tells the present state of live jobs, then jobs that come to match, and nothing of others', async () => {
  const mine = await api.newJob({ subject: 'mine' });
  const subscriber = watch({ filter: { subject: 'mine' } });
  expect((await subscriber.next()).jobUpdated.job).toEqual({ id: mine, status: 'QUEUED' });
  const other = await api.newJob({ subject: 'other' });
  await api.worker.finish(other);
  const next = await api.query<{ createJob: { id: string } }>(
    'mutation { createJob(input: { workflow: "demo", subject: "mine", input: { repository: "." } }) { ... on Job { id } } }',
  );
  expect((await subscriber.next()).jobUpdated.job).toEqual({ id: next.data.createJob.id, status: 'QUEUED' });
});

test('a job that stops matching the filter is told once more and then no longer', async () => {
  const subject = 'leaving';
  const id = await api.newJob({ subject });
  const subscriber = watch({ filter: { subject, status: ['QUEUED'] } });
  expect(statusOf(await subscriber.next())).toBe('QUEUED');
  const held = await api.worker.claim(id);
  expect(statusOf(await subscriber.next())).toBe('RUNNING');
  await api.worker.record(held, { stepPercent: 50 });
  const later = await api.newJob({ subject });
  api.services.jobFeed.wake();
  expect((await subscriber.next()).jobUpdated.job).toEqual({ id: later, status: 'QUEUED' });
});

test('a job whose labels change leaves and enters filters by label', async () => {
  const id = await api.newJob({ labels: ['amber'] });
  const leaves = watch({ filter: { labels: ['amber'] } });
  expect((await leaves.next()).jobUpdated.job?.id).toBe(id);
  const enters = watch({ filter: { labels: ['green'] } });
  const label = (labels: string[]) =>
    api.query('mutation ($id: ID!, $labels: [String!]) { updateJob(id: $id, labels: $labels) { __typename } }', {
      id,
      labels,
    });
  const other = await api.newJob({ labels: ['green'] });
  expect((await enters.next()).jobUpdated.job?.id).toBe(other);
  await label(['green']);
  expect((await leaves.next()).jobUpdated.job?.id).toBe(id);
  expect((await enters.next()).jobUpdated.job?.id).toBe(id);
});

test('whoever resumes a filter hears of jobs that have left it meanwhile', async () => {
  const subject = 'left while away';
  const id = await api.newJob({ subject });
  const first = watch({ filter: { subject, status: ['QUEUED'] } });
  const { cursor } = (await first.next()).jobUpdated;
  first.cut();
  await api.worker.finish(id);
  expect((await watch({ filter: { subject, status: ['QUEUED'] }, after: cursor }).next()).jobUpdated.job).toEqual({
    id,
    status: 'COMPLETED',
  });
});

test('many jobs at once each come with their last state, whatever the order of their changes', async () => {
  const subject = 'crowd';
  const subscriber = watch({ filter: { subject } });
  const jobs = await Promise.all(Array.from({ length: 40 }, () => api.newJob({ subject })));
  await Promise.all(jobs.map((id) => api.worker.finish(id)));
  const last = new Map<string, string>();
  await subscriber.until(({ jobUpdated }) => {
    if (jobUpdated.job) last.set(jobUpdated.job.id, jobUpdated.job.status);
    return jobs.every((id) => last.get(id) === 'COMPLETED');
  });
  expect([...last.keys()].sort()).toEqual([...jobs].sort());
});

test('a subscriber that is cut again and again misses no job and hears of none twice', async () => {
  const subject = 'restless';
  const first = watch({ filter: { subject } });
  const started = await api.newJob({ subject });
  let { cursor } = (await first.next()).jobUpdated;
  first.cut();
  const seen: string[] = [started];
  const wanted = [started];
  for (let round = 0; round < 5; round++) {
    for (let count = 0; count < 4; count++) wanted.push(await api.newJob({ subject }));
    const subscriber = watch({ filter: { subject }, after: cursor });
    for (let count = 0; count < 2 + (round % 3); count++) {
      const update = await subscriber.next();
      seen.push(update.jobUpdated.job?.id as string);
      cursor = update.jobUpdated.cursor;
    }
    subscriber.cut();
  }
  const rest = watch({ filter: { subject }, after: cursor });
  while (seen.length < wanted.length) seen.push((await rest.next()).jobUpdated.job?.id as string);
  expect(seen).toEqual(wanted);
});

test.each<[string, { id?: string; filter?: object; after?: string }, string]>([
  ['an unknown id', { id: '01a202b4-7206-77f7-9122-83343e079a66' }, 'NOT_FOUND'],
  ['text that is no id', { id: 'nonsense' }, 'NOT_FOUND'],
  ['a cursor that is none', { after: 'nonsense' }, 'BAD_CURSOR'],
  ['a cursor of something else', { after: Buffer.from('line:3').toString('base64url') }, 'BAD_CURSOR'],
  ['an id and a filter', { id: '01a202b4-7206-77f7-9122-83343e079a66', filter: {} }, 'BAD_USER_INPUT'],
])('%s is refused with a code', async (_what, variables, code) => {
  expect((await watch(variables).refusal())?.extensions?.code).toBe(code);
});

test('the same over server-sent events, resumed by cursor', async () => {
  const id = await api.newJob();
  const events = async (after?: string) => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
      body: JSON.stringify({ query: WATCH, variables: { id, after } }),
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    return readEvents<{ data: Update }>(response);
  };
  const first = await events();
  const present = (await first.next()).value?.data as Update;
  expect(statusOf(present)).toBe('QUEUED');
  await first.return();
  await api.worker.finish(id);
  const second = await events(present.jobUpdated.cursor);
  expect(statusOf((await second.next()).value?.data as Update)).toBe('COMPLETED');
  await second.return();
});

async function* readEvents<Event>(response: Response): AsyncGenerator<Event, void, void> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [block, data] = [text.slice(0, end), /^data: (.+)$/m.exec(text.slice(0, end))?.[1]];
      text = text.slice(end + 2);
      if (block.includes('event: next') && data) yield JSON.parse(data) as Event;
    }
  }
}

test('a subscriber that goes away in a quiet time costs nothing any more', async () => {
  const subscriber = watch({ id: await api.newJob() });
  await subscriber.next();
  const waiting = subscriber.next().catch(() => undefined);
  const reads = vi.spyOn(api.services.db.pool, 'query');
  api.services.jobFeed.wake();
  await expect.poll(() => reads.mock.calls.length).toBeGreaterThan(0);
  subscriber.cut();
  const readsOfAWake = () => {
    reads.mockClear();
    api.services.jobFeed.wake();
    return reads.mock.calls.length;
  };
  await expect.poll(readsOfAWake).toBe(0);
  reads.mockRestore();
  await subscriber.close();
  await waiting;
});

test('many subscribers of one operation cost one read for each change', async () => {
  const reads = await countReads(api, 'RUNNING', async () => {
    const id = await api.newJob();
    const subscribers = Array.from({ length: 20 }, () => watch({ id }));
    await Promise.all(subscribers.map((subscriber) => subscriber.next()));
    await api.worker.claim(id);
    const updates = await Promise.all(subscribers.map((subscriber) => subscriber.next()));
    expect(new Set(updates.map(statusOf))).toEqual(new Set(['RUNNING']));
  });
  expect(reads).toBe(1);
});

test('a filter that cannot be asked for ends those who watch it, and nobody else', async () => {
  const asked = JobScope.prototype.newChanges;
  const newChanges = vi.spyOn(JobScope.prototype, 'newChanges').mockImplementation(function (
    this: JobScope,
    db,
    events,
  ) {
    if (this.interest.filter?.subject === 'broken') return Promise.reject(new Error('too much to ask'));
    return asked.call(this, db, events);
  });
  for (const subject of ['broken', 'sound']) await api.newJob({ subject });
  const broken = watch({ filter: { subject: 'broken' } });
  const sound = watch({ filter: { subject: 'sound' } });
  for (const subscriber of [broken, sound]) await subscriber.next();
  const id = await api.newJob({ subject: 'sound' });
  await sound.until(({ jobUpdated }) => jobUpdated.job?.id === id);
  expect(JSON.stringify(await broken.next().catch((error: unknown) => error))).toContain('INTERNAL_ERROR');
  newChanges.mockRestore();
});

test('whoever asks for another page inside gets it, whoever else watches', async () => {
  const id = await api.newJob();
  const held = await api.worker.claim(id);
  await api.worker.log(held, ['one', 'two']);
  const query = `subscription ($id: ID!, $page: String) { jobUpdated(id: $id) {
    job { status logs(first: 1, after: $page) { edges { cursor node { message } } } } } }`;
  type Page = {
    jobUpdated: { job: { status: string; logs: { edges: { cursor: string; node: { message: string } }[] } } };
  };
  const begin = async (page?: string) => {
    const subscriber = new Subscriber<Page>(api.wsUrl, query, { id, page });
    open.push(subscriber);
    return { subscriber, edge: (await subscriber.next()).jobUpdated.job.logs.edges[0] };
  };
  const one = await begin();
  const two = await begin(one.edge?.cursor);
  await api.worker.settle(held, { status: 'COMPLETED', output: null, error: null });
  const last = async ({ subscriber }: typeof one) =>
    (await subscriber.until(({ jobUpdated }) => jobUpdated.job.status === 'COMPLETED')).at(-1)?.jobUpdated.job.logs
      .edges[0]?.node.message;
  expect(await Promise.all([last(one), last(two)])).toEqual(['one', 'two']);
});
