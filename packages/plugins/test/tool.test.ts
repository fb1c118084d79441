import { runStep } from '@signalbox/plugin-sdk/testing';
import { expect, test } from 'vitest';
import { tool } from '../src/tool.ts';

test('an unknown tool is refused with the list of those that are known', async () => {
  const { failure } = await runStep(tool, { config: { tool: 'http.get' } });
  expect(failure).toMatchObject({
    category: 'CONFIGURATION',
    message: expect.stringMatching(
      /^There is no tool "http.get"\. Known tools: http\.request, json\.query, .*webhook\.send\.$/,
    ),
  });
});

test('names that every object has are no tools', async () => {
  expect((await runStep(tool, { config: { tool: 'constructor' } })).failure?.category).toBe('CONFIGURATION');
});

test('a tool of an MCP server is refused as long as no servers are configured', async () => {
  const { failure } = await runStep(tool, { config: { tool: 'mcp:files/read' } });
  expect(failure).toMatchObject({
    category: 'CONFIGURATION',
    message: expect.stringContaining('which is not configured (there are: none)'),
  });
});

test('people see which tool it is', () => {
  expect(tool.uses?.({ tool: 'http.request' })).toBe('http.request');
});
