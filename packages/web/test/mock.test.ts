import { readFileSync } from 'node:fs';
import path from 'node:path';
import { OperationTypeNode, print } from 'graphql';
import { describe, expect, test } from 'vitest';
import { MockEngine } from '../mock/engine.ts';
import { createWorld } from '../mock/world.ts';
import { readAppDocuments, wholeDocument } from '../tools/documents.ts';

const schemaText = readFileSync(path.join(import.meta.dirname, '../../api/schema.graphql'), 'utf8');
const { fragments, operations } = readAppDocuments();

function engine() {
  return new MockEngine(schemaText, { latencyMs: 0, failureRate: 0 });
}

/** Something for each variable, by its name where that matters. */
function variablesFor({ definition }: (typeof operations)[number], { world }: MockEngine): Record<string, unknown> {
  const job = world.jobs.find(({ status }) => status === 'FAILED');
  const known: Record<string, unknown> = {
    id: job?.id,
    jobId: job?.id,
    ids: [job?.id],
    slug: job?.slug,
    workflow: job?.slug,
    key: 'read',
    stepKey: 'read',
    first: 5,
    allSteps: true,
    source: 'slug: triage',
    input: { workflow: 'triage', input: {} },
    name: 'x',
    value: 'x',
    approve: true,
    priority: 'HIGH',
    fromStep: 'read',
    filter: {},
  };
  return Object.fromEntries(
    (definition.variableDefinitions ?? [])
      .map(({ variable }) => variable.name.value)
      .filter((name) => known[name] !== undefined)
      .map((name) => [name, known[name]]),
  );
}

describe('the mock engine answers', () => {
  const asked = operations.filter(({ definition }) => definition.operation === OperationTypeNode.QUERY);
  test.each(asked.map((operation) => [operation.name, operation] as const))('%s', async (_name, operation) => {
    const mock = engine();
    const { data, errors } = await mock.answer({
      query: print(wholeDocument(operation, fragments)),
      variables: variablesFor(operation, mock),
    });
    const strange = errors?.filter(({ message }) => !message.startsWith('Variable'));
    expect({ strange, answered: Boolean(data) || Boolean(errors) }).toEqual({
      strange: errors && [],
      answered: true,
    });
  });
});

test('a job that is created runs by itself to its end, and its subscribers are told on the way', async () => {
  const mock = new MockEngine(schemaText, { world: createWorld({ jobs: 0 }), latencyMs: 0, failureRate: 0 });
  const created = await mock.answer({
    query: 'mutation { createJob(input: { workflow: "triage" }) { __typename ... on Job { id status } } }',
  });
  const { id } = JSON.parse(JSON.stringify(created.data)).createJob;
  const updates = await mock.follow({
    query: 'subscription ($id: ID!) { jobUpdated(id: $id) { cursor job { status progress { percent } } } }',
    variables: { id },
  });
  if (!(Symbol.asyncIterator in updates)) throw new Error(JSON.stringify(updates));
  const seen = new Set<string>();
  for await (const { data } of updates) {
    const { job } = JSON.parse(JSON.stringify(data)).jobUpdated;
    seen.add(job.status);
    if (job.status === 'COMPLETED') break;
    mock.simulation.tick(2_000);
  }
  expect([...seen]).toEqual(['QUEUED', 'RUNNING', 'COMPLETED']);
});

test('steps fail as often as they are told to', async () => {
  const mock = new MockEngine(schemaText, { world: createWorld({ jobs: 0 }), failureRate: 1 });
  const job = mock.simulation.create('triage', {});
  for (let tick = 0; tick < 20; tick += 1) mock.simulation.tick(5_000);
  expect(job).toMatchObject({
    status: 'FAILED',
    steps: [{ status: 'FAILED' }, { status: 'SKIPPED' }, { status: 'SKIPPED' }],
  });
});

test('an input that lacks something is refused at its field', async () => {
  const { data } = await engine().answer({
    query:
      'mutation { createJob(input: { workflow: "release" }) { __typename ... on InvalidInput { issues { path } } } }',
  });
  expect(data).toEqual({ createJob: { __typename: 'InvalidInput', issues: [{ path: '/version' }] } });
});

test('one that is refused everything is told so', async () => {
  const forbidden = new MockEngine(schemaText, { mood: 'forbidden', latencyMs: 0 });
  expect(await forbidden.answer({ query: '{ jobCounts { count } }' })).toMatchObject({
    errors: [{ extensions: { code: 'FORBIDDEN' } }],
  });
});
