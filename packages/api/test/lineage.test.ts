import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

interface Relation {
  kind: string;
  of: string;
  distance: number;
  job: { id: string; status: string };
}

interface Lineage {
  ancestors: Relation[];
  descendants: Relation[];
  truncated: boolean;
}

async function lineage(id: string): Promise<Lineage> {
  const { data, errors } = await api.query<{ job: { lineage: Lineage } }>(
    `query ($id: ID!) { job(id: $id) { lineage {
      truncated ancestors { kind of distance job { id status } } descendants { kind of distance job { id status } }
    } } }`,
    { id },
  );
  expect(errors).toBeUndefined();
  return data.job.lineage;
}

async function made(mutation: string, id: string): Promise<string> {
  const { data } = await api.query<{ made: { id: string } }>(
    `mutation ($id: ID!) { made: ${mutation} { ... on Job { id } } }`,
    { id },
  );
  await api.worker.finish(data.made.id);
  return data.made.id;
}

const brief = (relations: Relation[]) => relations.map(({ distance, job, kind, of }) => [distance, kind, job.id, of]);

test('reruns, forks and jobs within jobs are told up and down, the nearest first', async () => {
  const first = await api.newJob();
  await api.worker.finish(first);
  const rerun = await made('rerunJob(id: $id)', first);
  const fork = await made('forkJob(id: $id, fromStep: "summary")', rerun);
  const child = await api.newJob();
  await api.services.db.pool.query('UPDATE job SET parent_id = $2 WHERE id = $1', [child, rerun]);
  const again = await made('rerunJob(id: $id)', fork);

  const middle = await lineage(rerun);
  expect(brief(middle.ancestors)).toEqual([[1, 'RERUN', first, rerun]]);
  expect(brief(middle.descendants)).toEqual([
    [1, 'FORK', fork, rerun],
    [1, 'CHILD', child, rerun],
    [2, 'RERUN', again, fork],
  ]);
  expect(brief((await lineage(again)).ancestors)).toEqual([
    [1, 'RERUN', fork, again],
    [2, 'FORK', rerun, fork],
    [3, 'RERUN', first, rerun],
  ]);
  expect((await lineage(child)).ancestors.map(({ kind }) => kind)).toEqual(['CHILD', 'RERUN']);
});

test('of a large family the nearest hundred are told, and that there are more', async () => {
  const id = await api.newJob();
  await api.services.db.pool.query(
    `INSERT INTO job (id, tenant_id, workflow_id, workflow_version, workflow_slug, workflow_name, status, input, total_steps, parent_id)
     SELECT gen_random_uuid(), tenant_id, workflow_id, workflow_version, workflow_slug, workflow_name, 'CREATED', input, 0, id
     FROM job, generate_series(1, 150) WHERE id = $1`,
    [id],
  );
  const { ancestors, descendants, truncated } = await lineage(id);
  expect([ancestors.length, descendants.length, truncated]).toEqual([0, 100, true]);
});
