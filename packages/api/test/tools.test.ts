import { replaceWorkerTools } from '@signalbox/db/tools';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, createApiFixture, TENANT } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

const tool = (name: string, server: string | null = null) => ({
  name,
  title: `The ${name}`,
  description: 'Does it.',
  server,
  inputSchema: { type: 'object', properties: { path: { type: 'string' } } },
  outputSchema: null,
});
const server = (name: string, problem: string | null = null) => ({
  name,
  transport: 'stdio',
  status: problem === null ? ('READY' as const) : ('UNREACHABLE' as const),
  problem,
});

const LISTS = `{
  tools { name title description server inputSchema outputSchema workers }
  toolServers { name transport status problem toolCount workerId workerName }
}`;

async function issues(name: string): Promise<{ path: string; message: string }[]> {
  const source = `slug: t\nsteps:\n  - key: one\n    type: tool\n    with: { tool: ${name}, input: { path: 7 } }\n`;
  const { data } = await api.query<{ validateWorkflow: { issues: { path: string; message: string }[] } }>(
    'query ($source: String!) { validateWorkflow(source: $source) { issues { path message } } }',
    { source },
  );
  return data.validateWorkflow.issues;
}

describe('tools', () => {
  test('are not checked while no worker has advertised any', async () => {
    expect(await issues('nonsense')).toEqual([]);
  });

  test('are listed with their schemas, and their servers with what is wrong', async () => {
    await api.worker.register(TENANT, ['tool']);
    await replaceWorkerTools(
      api.services.db,
      api.worker.id,
      [tool('mcp:files/read', 'files'), tool('http.request')],
      [server('files'), server('gone', 'it exited with code 1')],
    );
    expect((await api.query(LISTS)).data).toEqual({
      tools: [
        { ...tool('http.request'), workers: 1 },
        { ...tool('mcp:files/read', 'files'), workers: 1 },
      ],
      toolServers: [
        { ...server('files'), toolCount: 1, workerId: api.worker.id, workerName: 'stand-in' },
        { ...server('gone', 'it exited with code 1'), toolCount: 0, workerId: api.worker.id, workerName: 'stand-in' },
      ],
    });
  });

  test('are checked when a workflow is saved, from then on', async () => {
    expect(await issues('http.request')).toEqual([]);
    expect(await issues('http.requst')).toEqual([
      { path: '/steps/0/with/tool', message: 'There is no tool "http.requst". Did you mean "http.request"?' },
    ]);
    expect(await issues('mcp:files/read')).toEqual([expect.objectContaining({ path: '/steps/0/with/input/path' })]);
    expect(await issues('mcp:gone/anything')).toEqual([]);
  });

  test('take the place of what the worker has told before', async () => {
    const { db } = api.services;
    await replaceWorkerTools(db, api.worker.id, [{ ...tool('http.request'), title: 'New' }], []);
    expect((await api.query(LISTS)).data).toMatchObject({
      tools: [{ name: 'http.request', title: 'New' }],
      toolServers: [],
    });
  });
});
