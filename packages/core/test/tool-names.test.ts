import { describe, expect, it } from 'vitest';
import type { ObjectSchema } from '../src/json.ts';
import { parseWorkflow } from '../src/workflow.ts';

const anything: ObjectSchema = { type: 'object' };
const tools = {
  inputs: new Map<string, ObjectSchema>([
    ['http.request', anything],
    ['file.read', anything],
    [
      'mcp:files/read_file',
      { type: 'object', required: ['path'], additionalProperties: false, properties: { path: { type: 'string' } } },
    ],
  ]),
  servers: new Map([
    ['files', true],
    ['asleep', false],
  ]),
};

const issuesOf = (step: string) =>
  parseWorkflow(`slug: a\nsteps:\n  - key: one\n${step}\n`, undefined, undefined, tools).issues.map(
    ({ line, message, path }) => ({
      path,
      message,
      line,
    }),
  );
const tool = (name: string, input = '{}') =>
  issuesOf(`    type: tool\n    with:\n      tool: ${name}\n      input: ${input}`);

describe('the tools of a workflow, when it is saved', () => {
  it.each([
    ['http.request', '{}'],
    ['"${{ input.tool }}"', '{}'],
    ['"mcp:${{ input.server }}/x"', '{}'],
    ['mcp:files/read_file', '{ path: "${{ input.path }}" }'],
    ['mcp:files/read_file', '"${{ input.all }}"'],
    ['mcp:asleep/whatever', '{ a: 1 }'],
  ])('fit: %s with %s', (name, input) => {
    expect(tool(name, input)).toEqual([]);
  });

  it.each([
    ['http.requst', '/steps/0/with/tool', 'There is no tool "http.requst". Did you mean "http.request"?'],
    [
      'teleport',
      '/steps/0/with/tool',
      'There is no tool "teleport". There are http.request, file.read, and mcp:SERVER/TOOL.',
    ],
    [
      'mcp:file/read_file',
      '/steps/0/with/tool',
      'No worker has an MCP server "file" among its mcpServers. Did you mean "files"?',
    ],
    [
      'mcp:files/read_fil',
      '/steps/0/with/tool',
      'The MCP server "files" has no tool "read_fil". Did you mean "read_file"?',
    ],
    ['mcp:files', '/steps/0/with/tool', 'Name a tool of the server: mcp:files/TOOL.'],
  ])('do not fit: %s', (name, path, message) => {
    expect(tool(name)).toEqual([{ path, message, line: 6 }]);
  });

  it('are given what they take', () => {
    expect(tool('mcp:files/read_file', '{ pth: x }')).toEqual([
      expect.objectContaining({ path: '/steps/0/with/input/path', line: 7 }),
      expect.objectContaining({ path: '/steps/0/with/input/pth', line: 7 }),
    ]);
  });

  it('of an agent may be all of a server', () => {
    const agent = (names: string) =>
      issuesOf(`    type: agent\n    with: { tools: [${names}] }`).map(({ path }) => path);
    expect(agent('file.read, "mcp:files/*", "mcp:files", "mcp:asleep/x", "${{ input.t }}"')).toEqual([]);
    expect(agent('file.read, file.raed, "mcp:files/x"')).toEqual(['/steps/0/with/tools/1', '/steps/0/with/tools/2']);
  });
});
