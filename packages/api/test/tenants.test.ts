/** Two tenants: what belongs to one is for the other exactly as if it did not exist, wherever an id or a name can be given. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { newId } from '@signalbox/db/ids';
import { createTenant } from '@signalbox/db/tenants';
import { type GraphQLArgument, isNonNullType } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schema } from '../src/schema.ts';
import { type ApiFixture, createApiFixture, TENANT } from './fixture.ts';
import { sampleOf } from './sample-values.ts';
import { everythingOf } from './selections.ts';
import { Subscriber } from './subscriber.ts';

let api: ApiFixture;
let owner: string;
let stranger: string;
/** The other tenant. */
let acme: string;
/** What was stored of the owner when all began. */
let before: Record<string, unknown>;
/** Ids of the owner, by what they are. */
const ids: Record<string, string> = {};

beforeAll(async () => {
  api = await createApiFixture({
    auth: { mode: 'token', requestsPerMinute: 0 },
    secretsKeys: [Buffer.alloc(32, 7).toString('base64')],
  });
  acme = (await createTenant(api.services.db, 'acme', 'Acme'))?.id ?? '';
  owner = await api.newToken('ADMIN', { name: 'canary token' });
  stranger = await api.newToken('ADMIN', { name: 'stranger', tenantId: acme });
  ids.job = await api.newJob({ subject: 'canary subject', labels: ['canary'] });
  await api.worker.register(TENANT, ['command']);
  const claimed = await api.worker.claim(ids.job);
  await api.worker.start(claimed, 'history');
  await api.worker.log(claimed, ['canary line'], 'history');
  ids.step = claimed.steps[0]?.id ?? '';
  ids.workflow = api.workflow.workflowId;
  ids.artifact = newId();
  await mkdir(api.artifactFolder, { recursive: true });
  await writeFile(path.join(api.artifactFolder, 'kept'), 'canary content');
  await api.services.db.pool.query(
    `INSERT INTO artifact (id, tenant_id, job_id, step_id, name, content_type, size_bytes, storage_key)
     VALUES ($1, $2, $3, $4, 'canary.txt', 'text/plain', 14, 'kept')`,
    [ids.artifact, TENANT, ids.job, ids.step],
  );
  const made = await api.queryAs<Record<string, { id: string; name: string }>>(
    owner,
    `mutation {
      template: saveInputTemplate(workflow: "demo", name: "canary template", input: { repository: "." }) { ... on InputTemplate { id } }
      view: saveView(name: "canary view", shared: true) { ... on SavedView { id } }
      schedule: createSchedule(input: { name: "canary schedule", workflow: "demo", kind: RECURRING, everySeconds: 3600, input: { repository: "." } }) { ... on Schedule { id } }
      secret: setSecret(name: "CANARY", value: "canary value") { ... on Secret { name } }
      token: createApiToken(name: "canary", scope: READ) { ... on CreatedApiToken { token { id } } }
      budget: setTenantBudget(period: DAY, usd: "77.7") { __typename }
    }`,
  );
  for (const name of ['template', 'view', 'schedule']) ids[name] = made.data[name]?.id ?? '';
  const { rows } = await api.services.db.pool.query<{ id: string }>(`SELECT id FROM api_token WHERE name = 'canary'`);
  ids.token = rows[0]?.id ?? '';
  before = await ownersRows();
});
afterAll(() => api.close());

/** Everything that is stored of the owner. */
async function ownersRows(): Promise<Record<string, unknown>> {
  const { pool } = api.services.db;
  const tables = await pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant_id'`,
  );
  const rows: Record<string, unknown> = {};
  for (const { name } of tables.rows) {
    // When a token was last used is noted on the side.
    const text = `SELECT to_jsonb(t) - 'last_used_at' AS row FROM "${name}" t WHERE tenant_id = $1 ORDER BY 1`;
    rows[name] = (await pool.query(text, [TENANT])).rows;
  }
  return rows;
}

interface Asked {
  kind: 'query' | 'mutation' | 'subscription';
  field: string;
  argument: string;
  ask(value: string): string;
}

/** Arguments by which something that is there can be named. */
const NAMING = /^(id|ids|jobId|workflow|slug|name)$/;

function operationsThatName(): Asked[] {
  const kinds = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const;
  return kinds.flatMap(([kind, type]) =>
    Object.values(type?.getFields() ?? {}).flatMap((field) =>
      field.args
        .filter(({ name }) => NAMING.test(name))
        .map((argument) => ({
          kind,
          field: field.name,
          argument: argument.name,
          ask: (value: string) => {
            const given = field.args.filter((other) => other === argument || isNonNullType(other.type));
            const values = given.map(
              (other) => `${other.name}: ${other === argument ? written(other, value) : sampleOf(other.type)}`,
            );
            return `${kind} { ${field.name}(${values.join(', ')}) ${everythingOf(field.type, 2)} }`;
          },
        })),
    ),
  );
}

function written({ type }: GraphQLArgument, value: string): string {
  return String(type).startsWith('[') ? `["${value}"]` : `"${value}"`;
}

const operations = operationsThatName().filter(({ kind }) => kind !== 'subscription');

test.each(operations)(
  '$kind $field: what another tenant names by "$argument" is not there',
  async ({ ask, argument, field }) => {
    const isId = /id/i.test(argument);
    const known = isId ? Object.values(ids) : ['demo', 'CANARY'];
    for (const value of known) {
      const unknown = isId ? newId() : 'dem0';
      // What is made under a name is the caller's own, and may be made twice.
      if (!isId && /^(set|save|create)/.test(field) && argument === 'name') continue;
      const answers = await Promise.all([value, unknown].map((named) => api.queryAs(stranger, ask(named))));
      const [theirs = '', nobodys = ''] = answers.map((answer, index) =>
        JSON.stringify(answer).replaceAll([value, unknown][index] ?? '', 'NAMED'),
      );
      expect(theirs).toBe(nobodys);
    }
  },
);

test('nothing of the owner was changed by any of that', async () => {
  expect(await ownersRows()).toEqual(before);
});

test('the sweep names jobs, workflows, secrets and all the rest', () => {
  expect(operations.length).toBeGreaterThan(30);
  expect(Object.values(ids).filter((id) => id.length === 36)).toHaveLength(8);
});

const lists = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(({ args }) =>
  args.every(({ type }) => !isNonNullType(type)),
);

test.each(lists)('the list $name holds nothing of another tenant', async ({ name, type }) => {
  // As deep as the cost of an operation allows.
  for (const depth of [4, 3, 2, 1, 0]) {
    const answer = await api.queryAs(stranger, `{ ${name} ${everythingOf(type, depth)} }`);
    if (answer.errors?.[0]?.extensions.code.startsWith('QUERY_TOO')) continue;
    const text = JSON.stringify(answer);
    expect(answer.errors).toBeUndefined();
    expect(text.toLowerCase()).not.toMatch(/canary|77\.7/);
    for (const id of Object.values(ids)) expect(text).not.toContain(id);
    return;
  }
  throw new Error('every depth was too expensive');
});

test('an artifact of another tenant is answered as one that does not exist', async () => {
  const get = (id: string, token: string) =>
    fetch(`${api.url}/artifacts/${id}`, { headers: { Authorization: `Bearer ${token}` } });
  expect(await (await get(ids.artifact ?? '', owner)).text()).toBe('canary content');
  const [theirs, nobodys] = [await get(ids.artifact ?? '', stranger), await get(newId(), stranger)];
  expect([theirs.status, nobodys.status]).toEqual([404, 404]);
  expect((await theirs.text()).replace(ids.artifact ?? '', '')).toBe(
    (await nobodys.text()).replace(/"[^"]{36}"/, '""'),
  );
});

test.each([
  ['jobUpdated', (id: string) => `subscription { jobUpdated(id: "${id}") { cursor } }`],
  ['stepLogged', (id: string) => `subscription { stepLogged(jobId: "${id}") { cursor } }`],
])('%s refuses a job of another tenant as one that does not exist', async (_name, ask) => {
  const refusals = [];
  for (const id of [ids.job ?? '', newId()]) {
    const watcher = new Subscriber(api.wsUrl, ask(id), {}, { authorization: `Bearer ${stranger}` });
    refusals.push(JSON.stringify(await watcher.refusal()).replaceAll(id, 'NAMED'));
    await watcher.close();
  }
  expect(refusals[0]).toContain('NOT_FOUND');
  expect(refusals[0]).toBe(refusals[1]);
});

test('a stream of all jobs and counts tells nothing of another tenant, though both have a workflow of one slug', async () => {
  const authorization = `Bearer ${stranger}`;
  const source = 'slug: demo\nname: Ours\nsteps:\n  - { key: a, type: command, with: { run: "true" } }\n';
  const saved = await api.queryAs(
    stranger,
    'mutation ($source: String!) { saveWorkflow(source: $source) { __typename ... on Workflow { version } } }',
    { source },
  );
  expect(saved.data).toEqual({ saveWorkflow: { __typename: 'Workflow', version: 1 } });
  const jobs = new Subscriber<{ jobUpdated: { job: { id: string } } }>(
    api.wsUrl,
    'subscription { jobUpdated { job { id } } }',
    {},
    { authorization },
  );
  const counts = new Subscriber<{ countsUpdated: { counts: { count: number }[] } }>(
    api.wsUrl,
    'subscription { countsUpdated { counts { count } } }',
    {},
    { authorization },
  );
  const total = (data: { countsUpdated: { counts: { count: number }[] } }) =>
    data.countsUpdated.counts.reduce((sum, { count }) => sum + count, 0);
  expect(total(await counts.next())).toBe(0);
  const first = jobs.next();
  await api.worker.finish(await api.newJob());
  const create =
    'mutation { createJob(input: { workflow: "demo", input: {} }) { ... on Job { id workflow { name } } } }';
  const own = await api.queryAs<{ createJob: { id: string; workflow: object } }>(stranger, create);
  expect(own.data.createJob.workflow).toEqual({ name: 'Ours' });
  expect((await first).jobUpdated.job.id).toBe(own.data.createJob.id);
  expect((await counts.until((data) => total(data) > 0)).map(total).at(-1)).toBe(1);
  await Promise.all([jobs.close(), counts.close()]);
});

test('executors serve every tenant, which knows them and its own jobs on them only', async () => {
  type Workers = { workers: { name: string; jobs: { id: string }[] }[]; stepTypes: { type: string }[] };
  const ask = '{ workers { name jobs { id } } stepTypes { type } }';
  const [theirs, ours] = [await api.queryAs<Workers>(owner, ask), await api.queryAs<Workers>(stranger, ask)];
  expect(ours.data.stepTypes).toEqual(theirs.data.stepTypes);
  expect(ours.data.workers.map(({ name }) => name)).toEqual(theirs.data.workers.map(({ name }) => name));
  expect(theirs.data.workers.flatMap(({ jobs }) => jobs)).toContainEqual({ id: ids.job });
  expect(ours.data.workers.flatMap(({ jobs }) => jobs)).toEqual([]);
});
