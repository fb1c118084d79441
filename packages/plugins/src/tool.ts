import type { ObjectSchema } from '@signalbox/plugin-sdk';
import { definePlugin, defineStepType } from '@signalbox/plugin-sdk';
import { BUILT_IN_TOOLS, openTools } from './tools.ts';

export type ToolConfig = { tool: string; input?: Record<string, unknown> };

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
      description: `The tool to call: ${[...BUILT_IN_TOOLS.keys()].join(', ')}, or mcp:SERVER/TOOL for one of an MCP server.`,
      examples: [...BUILT_IN_TOOLS.keys()],
    },
    input: {
      type: 'object',
      default: {},
      title: 'Input',
      description: 'What the tool is given; each tool has its own fields.',
    },
  },
  allOf: [...BUILT_IN_TOOLS.values()].map((tool) => ({
    if: { properties: { tool: { const: tool.name } } },
    then: { properties: { input: tool.input } },
  })),
};

const output: ObjectSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  title: 'Answer',
  description:
    'What the tool answered: each has fields of its own, and those of MCP servers give content, structured and text.',
};

export const tool = defineStepType<ToolConfig, Record<string, unknown>>({
  type: 'tool',
  title: 'Tool',
  description: 'Calls a built-in tool, such as http.request, or one of an MCP server, and hands on its answer.',
  icon: 'tool',
  config,
  output,
  uses: ({ tool: name }) => name,
  async run(ctx) {
    const { tool: name, input = {} } = ctx.config;
    const [found] = await openTools([name], ctx);
    if (!found) throw new Error(`No tool came of ${name}.`);
    return found.run(input, ctx);
  },
});

export default definePlugin({ name: '@signalbox/plugins', contract: 1, stepTypes: [tool] });
