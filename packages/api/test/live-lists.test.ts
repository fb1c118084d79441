import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture } from './fixture.ts';
import { Subscriber } from './subscriber.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

interface Row {
  id: string;
  status: string;
  labels: string[];
  priority: string;
}

/** Filters of a tab each, with what a client knows of them. */
const FILTERS: [object, (row: Row) => boolean][] = [
  [{}, () => true],
  [{ status: ['QUEUED'] }, ({ status }) => status === 'QUEUED'],
  [{ status: ['RUNNING'] }, ({ status }) => status === 'RUNNING'],
  [{ status: ['FAILED', 'CANCELLED'] }, ({ status }) => status === 'FAILED' || status === 'CANCELLED'],
  [{ status: ['COMPLETED'] }, ({ status }) => status === 'COMPLETED'],
  [{ labels: ['red'] }, ({ labels }) => labels.includes('red')],
  [
    { labels: ['red'], status: ['QUEUED', 'RUNNING'] },
    ({ labels, status }) => labels.includes('red') && /^(QUEUED|RUNNING)$/.test(status),
  ],
  [{ priority: ['HIGH'] }, ({ priority }) => priority === 'HIGH'],
  [{ priority: ['HIGH'], status: ['QUEUED'] }, ({ priority, status }) => priority === 'HIGH' && status === 'QUEUED'],
  [{ search: 'blue' }, ({ labels }) => labels.includes('blue')],
];

const ROW = 'id status labels priority';

/** A list that keeps itself up to date, as the web app's does. */
class LiveList {
  readonly rows = new Map<string, Row>();
  readonly #subscriber: Subscriber<{ jobUpdated: { job: Row | null; deletedId: string | null } }>;

  constructor(filter: object, matches: (row: Row) => boolean) {
    this.#subscriber = new Subscriber(
      api.wsUrl,
      `subscription ($filter: JobFilter) { jobUpdated(filter: $filter) { cursor deletedId job { ${ROW} } } }`,
      { filter },
    );
    void this.#follow(matches);
  }

  async #follow(matches: (row: Row) => boolean): Promise<void> {
    for (;;) {
      const { jobUpdated } = await this.#subscriber.next().catch(() => ({ jobUpdated: undefined }));
      if (!jobUpdated) return;
      const { deletedId, job } = jobUpdated;
      if (job && matches(job)) this.rows.set(job.id, job);
      else this.rows.delete(job?.id ?? deletedId ?? '');
    }
  }

  close(): Promise<void> {
    return this.#subscriber.close();
  }
}

test('50 clients on 10 filters: after jobs have come, changed and gone every list is what a fresh query gives', async () => {
  const lists = Array.from({ length: 50 }, (_, client) => {
    const [filter, matches] = FILTERS[client % FILTERS.length] ?? [{}, () => true];
    return { filter, list: new LiveList(filter, matches) };
  });
  try {
    const colours = ['red', 'blue', 'green'];
    const change = async (worker: number) => {
      for (let round = 0; round < 8; round += 1) {
        const id = await api.newJob({ labels: [colours[(worker + round) % 3] ?? ''] });
        if (round % 4 === 1) {
          await api.query('mutation ($id: ID!) { setJobPriority(id: $id, priority: HIGH) { __typename } }', { id });
        }
        if (round % 4 === 2) {
          await api.query('mutation ($id: ID!) { updateJob(id: $id, labels: ["red"]) { __typename } }', { id });
        }
        if (round % 3 === 0) continue;
        if (round % 3 === 1) await api.worker.finish(id);
        else await api.worker.fail(id);
        if (round % 5 === 4) await api.query('mutation ($id: ID!) { deleteJob(id: $id) { __typename } }', { id });
      }
    };
    await Promise.all(Array.from({ length: 5 }, (_, worker) => change(worker)));
    for (const { filter, list } of lists) {
      const { data } = await api.query<{ jobs: { edges: { node: Row }[] } }>(
        `query ($filter: JobFilter) { jobs(first: 100, filter: $filter) { edges { node { ${ROW} } } } }`,
        { filter },
      );
      const fresh = data.jobs.edges.map(({ node }) => node);
      const rows = () => [...list.rows.values()].toSorted((one, other) => (one.id < other.id ? 1 : -1));
      await expect.poll(rows, { message: JSON.stringify(filter) }).toEqual(fresh);
    }
  } finally {
    await Promise.all(lists.map(({ list }) => list.close()));
  }
});
