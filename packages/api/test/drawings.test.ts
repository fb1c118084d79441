import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

const SAVE = `mutation ($source: String!) {
  saveWorkflow(source: $source) {
    __typename
    ... on Workflow { version }
    ... on InvalidInput { issues { path message line } }
  }
}`;

async function save(source: string) {
  const { data } = await api.query<{ saveWorkflow: object }>(SAVE, { source });
  return data.saveWorkflow;
}

test('a drawing is saved as steps, and every workflow can be drawn, changed and saved again', async () => {
  const GRAPH = `query ($slug: String!) { workflow(slug: $slug) {
    steps { key needs } graph { nodes { id type position { x y } data } edges { id source target } } } }`;
  const drawing = {
    nodes: [
      { id: 'one', type: 'command', position: { x: 5, y: 7.5 }, data: { name: 'One', with: { run: 'true' } } },
      { id: 'two', type: 'command', position: { x: 9, y: 0 }, data: { with: { run: 'false' }, timeout: '90s' } },
    ],
    edges: [{ id: 'one->two', source: 'one', target: 'two' }],
  };
  expect(await save(JSON.stringify({ slug: 'drawn', ...drawing }))).toMatchObject({ version: 1 });
  const { data } = await api.query<{ workflow: { steps: object[]; graph: typeof drawing } }>(GRAPH, { slug: 'drawn' });
  expect(data.workflow.steps).toEqual([
    { key: 'one', needs: [] },
    { key: 'two', needs: ['one'] },
  ]);
  expect(data.workflow.graph).toEqual(drawing);
  const refused = await save(JSON.stringify({ slug: 'drawn', ...drawing, edges: [{ source: 'oen', target: 'two' }] }));
  expect(refused).toMatchObject({
    __typename: 'InvalidInput',
    issues: [{ path: '/edges/0/source', message: expect.stringContaining('one'), line: 1 }],
  });
});
