/** All that tool steps and agents can call: the built-in tools, and those of the MCP servers of the configuration. */
import type { ObjectSchema, StepContext } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';
import type { ServerTool } from '@signalbox/plugin-sdk/host';
import { hostOf } from '@signalbox/plugin-sdk/host';
import { emailSend } from './email-send.ts';
import { fileList } from './file-list.ts';
import { fileRead } from './file-read.ts';
import { fileWrite } from './file-write.ts';
import { httpRequest } from './http-request.ts';
import { jsonQuery } from './json-query.ts';
import { jsonValidate } from './json-validate.ts';
import { inputProblem } from './tool-input.ts';
import type { Tool } from './tool-kind.ts';
import { webhookSend } from './webhook-send.ts';

const SERVER_PREFIX = 'mcp:';

/** By name, in the order in which people see them. */
export const BUILT_IN_TOOLS: ReadonlyMap<string, Tool> = new Map(
  [httpRequest, jsonQuery, jsonValidate, fileRead, fileWrite, fileList, emailSend, webhookSend].map((tool) => [
    tool.name,
    tool,
  ]),
);

/**
 * The tools of these names, each once: built-in ones, `mcp:SERVER/TOOL`, or all of a server as `mcp:SERVER` or
 * `mcp:SERVER/*`. Their `run` checks the input first. Connections to servers belong to the host, so there is nothing to
 * close. Throws a CONFIGURATION failure for a name that is not there, and what the server's failure is when it cannot be
 * reached.
 */
export async function openTools(names: readonly string[], ctx: StepContext<unknown>): Promise<Tool[]> {
  const tools = new Map<string, Tool>();
  for (const name of names) {
    for (const tool of name.startsWith(SERVER_PREFIX) ? await serverTools(name, ctx) : [builtIn(name)]) {
      tools.set(tool.name, tool);
    }
  }
  return [...tools.values()];
}

function builtIn(name: string): Tool {
  const tool = BUILT_IN_TOOLS.get(name);
  if (!tool) throw missing(`There is no tool "${name}". Known tools: ${[...BUILT_IN_TOOLS.keys()].join(', ')}.`);
  return {
    ...tool,
    async run(input, ctx) {
      const problem = inputProblem(tool.input, input);
      if (problem === undefined) return tool.run(input, ctx);
      const message = `The input of ${tool.name} does not fit: ${problem}.`;
      throw new StepFailure(message, { category: 'USER_INPUT', retryable: false });
    },
  };
}

async function serverTools(name: string, ctx: StepContext<unknown>): Promise<Tool[]> {
  const [server = '', wanted = '*'] = splitOnce(name.slice(SERVER_PREFIX.length), '/');
  const { servers } = hostOf(ctx);
  if (!servers.names.includes(server)) {
    const configured = servers.names.join(', ') || 'none';
    const what = `The tool "${name}" belongs to the MCP server "${server}", which is not configured`;
    throw missing(`${what} (there are: ${configured}). Add it to mcpServers where the executor runs.`);
  }
  const offered = await servers.list(server, ctx);
  if (wanted === '*') return offered.map((tool) => fromServer(server, tool));
  const found = offered.find((tool) => tool.name === wanted);
  if (found) return [fromServer(server, found)];
  const known = offered.map((tool) => tool.name).join(', ') || 'none';
  throw missing(`The MCP server "${server}" has no tool "${wanted}". It offers: ${known}.`);
}

/** The server checks the input itself: its schemas are a stranger's. */
function fromServer(server: string, { name, title, description, input, output }: ServerTool): Tool {
  return {
    name: `${SERVER_PREFIX}${server}/${name}`,
    title: title ?? name,
    description: description ?? `The tool ${name} of the MCP server ${server}.`,
    input,
    output: serverOutput(output),
    run: (given, ctx) => hostOf(ctx).servers.call(server, name, given, ctx),
  };
}

function serverOutput(structured: ObjectSchema | undefined): ObjectSchema {
  return {
    type: 'object',
    required: ['content', 'structured', 'text'],
    properties: {
      content: {
        type: 'array',
        items: { type: 'object' },
        title: 'Content',
        description: 'The blocks of the result, as the server gave them.',
      },
      structured: {
        ...structured,
        title: 'Structured',
        description: 'The result as a value; null from servers that give none.',
      },
      text: { type: 'string', title: 'Text', description: 'The texts of the blocks, one after the other.' },
    },
  };
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

function missing(message: string): StepFailure {
  return new StepFailure(message, { category: 'CONFIGURATION', retryable: false });
}
