import { afterAll, beforeAll, expect, test } from 'vitest';
import { everything, FILESYSTEM, mcpServers } from './mcp-stage.ts';
import { openStage, type Stage, type TestStep } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.startExecutor(
    mcpServers({
      everything,
      files: { command: process.execPath, args: [FILESYSTEM, stage.folder] },
    }),
  );
});
afterAll(() => stage.close());

const call = (tool: string, input: object): TestStep => ({
  key: 'call',
  type: 'tool',
  with: { tool, input: { ...input } },
});

test('a tool of a published server is called', async () => {
  const job = await stage.settled(await stage.queue([call('mcp:everything/get-sum', { a: 2, b: 3 })]));
  expect(job.error).toBeNull();
  expect(job.step('call').output).toMatchObject({ text: 'The sum of 2 and 3 is 5.', structured: null });
});
