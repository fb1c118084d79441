/** Tool steps with published MCP servers, started by the executor. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { requestCancel } from '@signalbox/db/cancel';
import { DEFAULT_TENANT_ID } from '@signalbox/db/ids';
import { SignalSender } from '@signalbox/db/signals';
import { listToolServers, listTools } from '@signalbox/db/tools';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXECUTOR_MARK } from '../src/mcp-orphans.ts';
import { killProcesses } from '../src/process-group.ts';
import { processName } from '../src/process-stats.ts';
import { valuesOf } from '../src/process-table.ts';
import { callTool, everything, FILESYSTEM, mcpServers } from './mcp-stage.ts';
import { openStage, type Stage, until } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await writeFile(path.join(stage.folder, 'note.txt'), 'a note');
  await stage.startExecutor({
    SIGNALBOX_SECRET_TOKEN: 'very-secret-token',
    ...mcpServers({
      everything: { ...everything, env: { TOKEN: 'Bearer ${secrets.TOKEN}' } },
      files: { command: process.execPath, args: [FILESYSTEM, stage.folder] },
      missing: { command: 'no-such-program-here' },
      broken: { command: process.execPath, args: ['-e', 'console.error("no licence"); process.exit(3)'] },
      locked: { command: process.execPath, args: ['-e', ''], env: { KEY: '${secrets.NOWHERE}' } },
    }),
  });
});
afterAll(() => stage.close());

const run = async (tool: string, input: object) => {
  const id = await stage.queue([callTool(tool, input)]);
  return { id, job: await stage.settled(id), lines: await stage.lines(id) };
};
const servers = () => listToolServers(stage.db, DEFAULT_TENANT_ID, 30);

describe('a tool of an MCP server', () => {
  test('gives its result as blocks, as text, and as a value where it has one', async () => {
    const sum = await run('mcp:everything/get-sum', { a: 2, b: 3 });
    expect(sum.job.step('call').output).toEqual({
      content: [{ type: 'text', text: 'The sum of 2 and 3 is 5.' }],
      structured: null,
      text: 'The sum of 2 and 3 is 5.',
    });
    const weather = await run('mcp:everything/get-structured-content', { location: 'Chicago' });
    expect(weather.job.step('call').output).toMatchObject({ structured: { humidity: expect.any(Number) } });
    const file = await run('mcp:files/read_text_file', { path: path.join(stage.folder, 'note.txt') });
    expect(file.job.step('call').output).toMatchObject({ text: 'a note' });
  });

  test('shows its progress, and what the server logs meanwhile', async () => {
    const slow = await run('mcp:everything/trigger-long-running-operation', { duration: 0.2, steps: 4 });
    expect(slow.job).toMatchObject({ status: 'COMPLETED' });
    const toggled = await run('mcp:everything/toggle-simulated-logging', {});
    expect(toggled.lines.map(({ message }) => message)).toContainEqual(expect.stringMatching(/level.message/));
    await run('mcp:everything/toggle-simulated-logging', {});
  });

  test('that answers with an error fails the step by its text', async () => {
    const { job } = await run('mcp:files/read_text_file', { path: '/etc/passwd' });
    expect(job).toMatchObject({ status: 'FAILED', category: 'PROCESS' });
    expect(job.error).toMatch(/^The tool mcp:files\/read_text_file answered with an error: Access denied/);
  });

  test.each([
    ['mcp:everything/get-summ', 'The MCP server "everything" has no tool "get-summ". It offers: echo, '],
    ['mcp:nobody/x', 'the MCP server "nobody", which is not configured (there are: broken, everything, files,'],
  ])('that is not there is told: %s', async (tool, message) => {
    const { job } = await run(tool, {});
    expect(job).toMatchObject({ status: 'FAILED', category: 'CONFIGURATION' });
    expect(job.error).toContain(message);
  });

  test('ends with a cancel, and the connection goes on', async () => {
    const signals = new SignalSender(stage.url);
    const id = await stage.queue([
      callTool('mcp:everything/trigger-long-running-operation', { duration: 120, steps: 240 }),
    ]);
    await until(
      'it shows progress',
      () => stage.job(id),
      (job) => job.stepPercent > 0,
    );
    await requestCancel(stage.db, DEFAULT_TENANT_ID, id, false);
    signals.send('control', id);
    expect((await stage.settled(id)).status).toBe('CANCELLED');
    await signals.close();
    expect((await run('mcp:everything/echo', { message: 'still there' })).job.status).toBe('COMPLETED');
  });

  test('whose server dies fails, and the next call finds it again', async () => {
    const id = await stage.queue([
      callTool('mcp:everything/trigger-long-running-operation', { duration: 120, steps: 240 }),
    ]);
    await until(
      'it shows progress',
      () => stage.job(id),
      (job) => job.stepPercent > 0,
    );
    killProcesses((await valuesOf(EXECUTOR_MARK)).get(processName(process.pid)) ?? []);
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'FAILED', category: 'NETWORK' });
    expect(job.error).toContain('The tool mcp:everything/trigger-long-running-operation failed: ');
    expect((await run('mcp:everything/echo', { message: 'back' })).job.step('call').output).toMatchObject({
      text: 'Echo: back',
    });
  });

  test('may be told secrets, which are masked in what it answers', async () => {
    const { job, lines } = await run('mcp:everything/get-env', {});
    expect(job.step('call').output).toMatchObject({ text: expect.stringContaining('"TOKEN": "Bearer ***"') });
    expect(JSON.stringify([job, lines])).not.toContain('very-secret');
    expect(JSON.stringify(job.step('call').output)).not.toContain('DATABASE_URL');
  });
});

describe('the servers', () => {
  test('are advertised with their tools and schemas, beside the built-in tools', async () => {
    const tools = await until(
      'both servers are listed',
      () => listTools(stage.db, DEFAULT_TENANT_ID, 30),
      (list) => new Set(list.map(({ server }) => server)).size === 3,
    );
    expect(tools.find(({ name }) => name === 'json.query')).toMatchObject({
      server: null,
      title: 'Query JSON',
      workers: 1,
    });
    expect(tools.find(({ name }) => name === 'mcp:everything/get-sum')).toMatchObject({
      server: 'everything',
      inputSchema: { type: 'object', required: ['a', 'b'] },
    });
    expect(tools.find(({ name }) => name === 'mcp:everything/get-structured-content')?.outputSchema).toMatchObject({
      properties: { humidity: { type: 'number' } },
    });
  });

  test('that cannot be reached are told with the reason, and stop nothing', async () => {
    const reported = await until('all are known', servers, (list) =>
      list.every(({ status }) => status !== 'CONNECTING'),
    );
    expect(Object.fromEntries(reported.map(({ name, problem, status }) => [name, `${status} ${problem}`]))).toEqual({
      everything: 'READY null',
      files: 'READY null',
      missing: 'UNREACHABLE spawn no-such-program-here ENOENT',
      broken: 'UNREACHABLE it exited with code 3: no licence',
      locked: expect.stringContaining('UNREACHABLE The secret NOWHERE is not set. Set SIGNALBOX_SECRET_NOWHERE'),
    });
    const { job } = await run('mcp:broken/x', {});
    expect(job.error).toBe('The MCP server "broken" cannot be reached: it exited with code 3: no licence.');
    expect((await run('mcp:missing/x', {})).job.category).toBe('CONFIGURATION');
    expect((await run('mcp:locked/x', {})).job.category).toBe('CONFIGURATION');
  });
});
