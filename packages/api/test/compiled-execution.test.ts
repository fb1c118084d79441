import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

/** Enough for a query to be compiled in between. */
const TIMES = 6;

async function repeatedly(query: string, variables: object = {}) {
  const answers = [];
  for (let time = 0; time < TIMES; time += 1) answers.push(await api.query(query, variables));
  return answers;
}

test('a query that comes again and again gets the same answer each time', async () => {
  const id = await api.newJob({ subject: 'repeated', labels: ['one', 'two'] });
  await api.worker.fail(id, 'it broke', 'history');
  const answers = await repeatedly(
    `query Page($first: Int = 2, $deep: Boolean!) {
      jobs(first: $first, filter: { labels: ["two"] }) {
        totalCount
        edges { node { ...Row steps @include(if: $deep) { key index startedAt job { id status } attempts { number } } } }
      }
      node(id: "${id}") { __typename ... on Job { ...Row } }
      missing: job(id: "nothing") { id }
    }
    fragment Row on Job { id again: id subject labels input createdAt workflow { slug version } error { message step { key } } }`,
    { deep: true },
  );
  expect(answers[0]).toMatchObject({
    status: 200,
    data: {
      jobs: {
        totalCount: 1,
        edges: [{ node: { id, again: id, steps: [{ key: 'history', job: { id } }, { key: 'summary' }] } }],
      },
      node: { __typename: 'Job', id },
      missing: null,
    },
  });
  for (const answer of answers) expect(answer).toEqual(answers[0]);
});

test('variables and directives count anew each time, at the root and inside', async () => {
  await api.newJob({ labels: ['counted'] });
  const query = `query ($label: String!, $who: Boolean!, $name: Boolean! = false) {
    jobs(filter: { labels: [$label] }) { totalCount }
    viewer @include(if: $who) { name @include(if: $name) scopes @skip(if: $name) }
  }`;
  const root =
    'query ($label: String!, $who: Boolean!) { jobs(filter: { labels: [$label] }) { totalCount } viewer @include(if: $who) { __typename } }';
  await repeatedly(query, { label: 'none', who: true, name: true });
  await repeatedly(root, { label: 'none', who: true });
  const { data } = await api.query<{ viewer: object }>(query, { label: 'counted', who: true });
  expect(data).toMatchObject({ jobs: { totalCount: 1 }, viewer: { scopes: ['READ', 'OPERATE', 'ADMIN'] } });
  expect(Object.keys(data.viewer)).toEqual(['scopes']);
  expect((await api.query(root, { label: 'counted', who: false })).data).toEqual({ jobs: { totalCount: 1 } });
});

test('an error is told in the same words and at the same path each time', async () => {
  const answers = await repeatedly('{ there: viewer { name } jobs(after: "made up") { totalCount } }');
  expect(answers[0]?.errors).toMatchObject([{ path: ['jobs'], extensions: { code: 'BAD_CURSOR' } }]);
  for (const answer of answers) expect(answer).toEqual(answers[0]);
});

test('a bad variable is refused in the same words each time', async () => {
  const answers = await repeatedly('query ($first: Int!) { jobs(first: $first) { totalCount } }', { first: 'many' });
  expect(answers[0]?.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  for (const answer of answers) expect(answer).toEqual(answers[0]);
});

test('of a document with a query and a mutation each runs once whenever it is named', async () => {
  const document = `query Count { jobs(filter: { subject: "counted" }) { totalCount } }
    mutation Create { createJob(input: { workflow: "demo", input: { repository: "." }, subject: "counted", start: false }) { __typename } }`;
  const named = async (operationName: string) => {
    const headers = { 'Content-Type': 'application/json' };
    const body = JSON.stringify({ query: document, operationName });
    return (await fetch(`${api.url}/graphql`, { method: 'POST', headers, body })).json();
  };
  for (let time = 1; time <= TIMES; time += 1) {
    await named('Create');
    expect(await named('Count')).toMatchObject({ data: { jobs: { totalCount: time } } });
  }
});

test('variables within values count too', async () => {
  await api.newJob({ input: { repository: '.', nested: { deep: 1 } } });
  await api.newJob({ input: { repository: '.', nested: { deep: 2 } } });
  const answers = await repeatedly(
    `query ($deep: Int, $none: String) {
      jobs(filter: { search: $none, input: [{ path: "/nested", equals: { deep: $deep } }] }) { totalCount }
    }`,
    { deep: 2 },
  );
  for (const answer of answers) expect(answer).toMatchObject({ data: { jobs: { totalCount: 1 } } });
});
