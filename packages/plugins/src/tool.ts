import type { ObjectSchema } from '@signalbox/plugin-sdk';
import { definePlugin, defineStepType, StepFailure } from '@signalbox/plugin-sdk';
import { httpRequest } from './http-request.ts';
import type { Tool } from './tool-kind.ts';

export type ToolConfig = { tool: string; input?: Record<string, unknown> };

const TOOLS: ReadonlyMap<string, Tool> = new Map([[httpRequest.name, httpRequest]]);

const config: ObjectSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['tool'],
  properties: {
    tool: {
      type: 'string',
      minLength: 1,
      title: 'Tool',
      description: `The tool to call: ${[...TOOLS.keys()].join(', ')}.`,
      examples: [...TOOLS.keys()],
    },
    input: {
      type: 'object',
      default: {},
      title: 'Input',
      description: 'What the tool is given; each tool has its own fields.',
    },
  },
  allOf: [...TOOLS.values()].map((tool) => ({
    if: { properties: { tool: { const: tool.name } } },
    then: { properties: { input: tool.input } },
  })),
};

const output: ObjectSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  title: 'Answer',
  description: 'What the tool answered; http.request gives status, headers, body, url and durationMs.',
};

export const tool = defineStepType<ToolConfig, Record<string, unknown>>({
  type: 'tool',
  title: 'Tool',
  description: 'Calls a tool, such as http.request, and hands on its answer.',
  icon: 'tool',
  config,
  output,
  uses: ({ tool: name }) => name,
  async run(ctx) {
    const { tool: name, input = {} } = ctx.config;
    const found = TOOLS.get(name);
    if (found) return found.run(input, ctx);
    const message = name.startsWith('mcp:')
      ? `The tool "${name}" belongs to an MCP server, and no MCP servers are configured. Use one of: ${known()}.`
      : `There is no tool "${name}". Known tools: ${known()}.`;
    throw new StepFailure(message, { category: 'CONFIGURATION', retryable: false });
  },
});

export default definePlugin({ name: '@signalbox/plugins', contract: 1, stepTypes: [tool] });

function known(): string {
  return [...TOOLS.keys()].join(', ');
}
