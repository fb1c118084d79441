import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture } from './fixture.ts';
import { Subscriber } from './subscriber.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

interface ScheduleValue {
  __typename: string;
  id: string;
  name: string;
  message?: string;
  issues?: { path: string; message: string }[];
  active: boolean;
  nextRunAt: string | null;
  nextRuns: string[];
  lastProblem: string | null;
}

const FIELDS = `__typename
  ... on Schedule { id name kind cron timezone everySeconds startsAt active createdBy nextRunAt nextRuns(count: 2) lastProblem workflow { slug } input }
  ... on Error { message } ... on InvalidInput { issues { path message } }`;
const input = (more: object = {}) => ({
  name: 'Every night',
  workflow: 'demo',
  kind: 'CRON',
  cron: '0 3 * * *',
  timezone: 'Europe/Zurich',
  input: { repository: '.' },
  ...more,
});

async function create(more: object = {}): Promise<ScheduleValue> {
  const { data } = await api.query<{ createSchedule: ScheduleValue }>(
    `mutation ($input: ScheduleInput!) { createSchedule(input: $input) { ${FIELDS} } }`,
    { input: input(more) },
  );
  return data.createSchedule;
}

describe('a schedule', () => {
  test('is made, listed, found by its id and changed', async () => {
    const made = await create();
    expect(made).toMatchObject({
      __typename: 'Schedule',
      workflow: { slug: 'demo' },
      input: { repository: '.' },
      createdBy: 'local user',
      active: true,
    });
    expect(made.nextRunAt).toBe(made.nextRuns[0]);
    expect(made.nextRuns).toHaveLength(2);
    const { data: changed } = await api.query<{ updateSchedule: ScheduleValue }>(
      `mutation ($id: ID!, $input: ScheduleInput!) { updateSchedule(id: $id, input: $input) { ${FIELDS} } }`,
      {
        id: made.id,
        input: input({ name: 'Hourly', kind: 'RECURRING', cron: null, timezone: null, everySeconds: 3600 }),
      },
    );
    expect(changed.updateSchedule).toMatchObject({ id: made.id, kind: 'RECURRING', everySeconds: 3600, cron: null });
    const { data } = await api.query(
      `query ($id: ID!) { schedule(id: $id) { name } node(id: $id) { __typename id } schedules(workflow: "demo", search: "hour") { id } }`,
      { id: made.id },
    );
    expect(data).toEqual({
      schedule: { name: 'Hourly' },
      node: { __typename: 'Schedule', id: made.id },
      schedules: [{ id: made.id }],
    });
  });

  test('that is switched off has no next time, and gets one when it is switched on', async () => {
    const { id } = await create({ name: 'Switched' });
    const set = async (active: boolean) => {
      const { data } = await api.query<{ setScheduleActive: ScheduleValue }>(
        `mutation ($id: ID!, $active: Boolean!) { setScheduleActive(id: $id, active: $active) { ${FIELDS} } }`,
        { id, active },
      );
      return data.setScheduleActive;
    };
    expect(await set(false)).toMatchObject({ active: false, nextRunAt: null, nextRuns: [] });
    expect((await set(true)).nextRunAt).not.toBeNull();
  });

  test('runs when somebody wants it, and is told as the reason of the job', async () => {
    const { id } = await create({ name: 'By hand', active: false, labels: ['nightly'], priority: 'HIGH' });
    const { data } = await api.query<{ runSchedule: { id: string } }>(
      `mutation ($id: ID!) { runSchedule(id: $id) { ... on Job { id status priority labels schedule { id } input } ... on Error { message } } }`,
      { id },
    );
    expect(data.runSchedule).toMatchObject({
      status: 'QUEUED',
      priority: 'HIGH',
      labels: ['nightly'],
      schedule: { id },
      input: { repository: '.', depth: 3 },
    });
    const { data: after } = await api.query(`query ($id: ID!) { schedule(id: $id) { jobs { id } } }`, { id });
    expect(after).toEqual({ schedule: { jobs: [{ id: data.runSchedule.id }] } });
  });

  test('finds its jobs as a filter, in lists, in what is watched and in REST', async () => {
    const [own, other] = await Promise.all([create({ name: 'Own' }), create({ name: 'Other' })]);
    const run = async (id: string) => {
      const { data } = await api.query<{ runSchedule: { id: string } }>(
        'mutation ($id: ID!) { runSchedule(id: $id) { ... on Job { id } } }',
        { id },
      );
      return data.runSchedule.id;
    };
    const jobs = [await run(own.id), await run(own.id)];
    const others = [await run(other.id)];
    const found = async (schedule: string[]) => {
      const { data } = await api.query<{ jobs: { totalCount: number; nodes: { node: { id: string } }[] } }>(
        'query ($filter: JobFilter) { jobs(filter: $filter) { totalCount nodes: edges { node { id } } } }',
        { filter: { schedule } },
      );
      expect(data.jobs.totalCount).toBe(data.jobs.nodes.length);
      return data.jobs.nodes.map(({ node }) => node.id).toSorted();
    };
    expect(await found([own.id])).toEqual(jobs.toSorted());
    expect(await found([own.id, other.id])).toEqual([...jobs, ...others].toSorted());
    expect(await found(['00000000-0000-7000-8000-00000000abcd'])).toEqual([]);
    expect(await found(['nightly'])).toEqual([]);
    const answer = await fetch(`${api.url}/api/v1/jobs?schedule=${other.id}`);
    expect(await answer.json()).toMatchObject({ totalCount: 1, items: [{ id: others[0] }] });

    const watcher = new Subscriber<{ jobUpdated: { job: { id: string } } }>(
      api.wsUrl,
      'subscription ($filter: JobFilter) { jobUpdated(filter: $filter) { job { id } } }',
      { filter: { schedule: [own.id] } },
    );
    try {
      const first = [await watcher.next(), await watcher.next()].map(({ jobUpdated }) => jobUpdated.job.id);
      expect(first.toSorted()).toEqual(jobs.toSorted());
      await run(other.id);
      const next = await run(own.id);
      expect((await watcher.next()).jobUpdated.job.id).toBe(next);
    } finally {
      await watcher.close();
    }
  });

  test('is deleted without its jobs', async () => {
    const { id } = await create({ name: 'Short' });
    const { data: run } = await api.query<{ runSchedule: { id: string } }>(
      `mutation ($id: ID!) { runSchedule(id: $id) { ... on Job { id } } }`,
      { id },
    );
    const remove = () =>
      api.query(`mutation ($id: ID!) { deleteSchedule(id: $id) { __typename } }`, { id }).then(({ data }) => data);
    expect(await remove()).toEqual({ deleteSchedule: { __typename: 'DeletedSchedule' } });
    expect(await remove()).toEqual({ deleteSchedule: { __typename: 'NotFound' } });
    const { data } = await api.query(`query ($id: ID!) { job(id: $id) { schedule { id } } }`, {
      id: run.runSchedule.id,
    });
    expect(data).toEqual({ job: { schedule: null } });
  });

  test.each([
    ['a pattern that is none', { cron: 'now and then' }, '/cron'],
    ['a zone that does not exist', { timezone: 'Nowhere' }, '/timezone'],
    ['no pattern', { cron: null }, '/cron'],
    ['a pause and a pattern', { everySeconds: 60 }, '/everySeconds'],
    ['no time', { kind: 'ONCE', cron: null, timezone: null }, '/startsAt'],
    [
      'a time that is over',
      { kind: 'ONCE', cron: null, timezone: null, startsAt: '2020-01-01T00:00:00Z' },
      '/startsAt',
    ],
    ['a pause that is too short', { kind: 'RECURRING', cron: null, timezone: null, everySeconds: 1 }, '/everySeconds'],
    ['an input that does not fit', { input: { repository: 1 } }, '/repository'],
    ['no name', { name: '  ' }, '/name'],
  ])('with %s is refused at its place', async (_what, more, path) => {
    expect(await create({ name: 'Refused', ...more })).toMatchObject({
      __typename: 'InvalidInput',
      issues: [{ path }],
    });
  });

  test('with a name that is taken is a Conflict, and with an unknown workflow NotFound', async () => {
    await create({ name: 'Taken' });
    expect(await create({ name: 'Taken' })).toMatchObject({ __typename: 'Conflict' });
    expect(await create({ name: 'Lost', workflow: 'dem' })).toMatchObject({
      __typename: 'NotFound',
      message: expect.stringContaining('demo'),
    });
  });

  test('can be tried before it is made', async () => {
    const preview = (args: string) =>
      api.query<{ schedulePreview: { runs?: string[]; __typename: string } }>(
        `{ schedulePreview(${args}) { __typename ... on SchedulePreview { runs } ... on InvalidInput { issues { path } } } }`,
      );
    const { data } = await preview('kind: CRON, cron: "0 3 1 1 *", count: 2');
    expect(data.schedulePreview.runs).toEqual([
      expect.stringMatching(/-01-01T03:00/),
      expect.stringMatching(/-01-01T03:00/),
    ]);
    expect((await preview('kind: CRON, cron: "?"')).data.schedulePreview.__typename).toBe('InvalidInput');
  });
});
