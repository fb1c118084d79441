import type { Client, ClientOptions, LoggingMessageNotification, Tool, Transport } from '@modelcontextprotocol/client';
import { checkInput } from '@signalbox/core/input';
import type { Json, JsonObject, ObjectSchema } from '@signalbox/core/json';
import type { HttpServer, McpServer } from '@signalbox/core/mcp-servers';
import type { ServerTool } from '@signalbox/plugin-sdk/host';
import type { StdioTransport } from './mcp-stdio.ts';

/** A server that is started by `npx` may have to be installed first. */
const CONNECTED_WITHIN_MS = 60_000;
/** A program that does not answer the newest protocol's question in time is spoken with as older ones are. */
const PROBED_WITHIN_MS = { stdio: 5_000, http: 30_000 };
const MOST_TOOLS = 1_000;
/** How we call ourselves. */
const CLIENT = { name: 'signalbox', version: '0.1.0' };
const LONGEST_SCHEMA = 64 * 1024;

export interface McpConnection {
  client: Client;
  tools: ServerTool[];
  close(): Promise<void>;
}

export interface McpEvents {
  onTools(tools: ServerTool[]): void;
  onLog(message: LoggingMessageNotification['params']): void;
  /** The connection has ended by itself. @param why for people, in one line */
  onClosed(why: string): void;
}

/** Connects and asks for the tools; throws when that fails, and then nothing is left of it. */
export async function connectMcp(server: McpServer, events: McpEvents): Promise<McpConnection> {
  // Only now: the library costs a tenth of a second, and many workers have no servers.
  const { Client } = await import('@modelcontextprotocol/client');
  const client = new Client(CLIENT, optionsFor(server, events));
  const { transport, ended } = await transportOf(server);
  let closing = false;
  client.setNotificationHandler('notifications/message', ({ params }) => events.onLog(params));
  client.onclose = () => {
    if (!closing) events.onClosed(ended() ?? 'the connection was closed');
  };
  const close = async () => {
    closing = true;
    await client.close();
    await transport.close();
  };
  try {
    await client.connect(transport, { timeout: CONNECTED_WITHIN_MS });
    const capabilities = client.getServerCapabilities();
    const tools = capabilities?.tools ? readTools((await client.listTools()).tools) : [];
    if (capabilities?.logging && client.getProtocolEra() === 'legacy') await client.setLoggingLevel('debug');
    return { client, tools, close };
  } catch (error) {
    const why = ended();
    await close();
    throw why === undefined ? error : new Error(why, { cause: undefined });
  }
}

function optionsFor({ transport }: McpServer, events: McpEvents): ClientOptions {
  return {
    versionNegotiation: { mode: 'auto', probe: { timeoutMs: PROBED_WITHIN_MS[transport] } },
    listChanged: {
      tools: {
        onChanged: (_error, tools) => {
          if (tools) events.onTools(readTools(tools));
        },
      },
    },
    // The library's own one would run a stranger's patterns in this process.
    jsonSchemaValidator: {
      getValidator: (schema) => (value) => {
        const { issues } = checkInput(
          { type: 'object', properties: { result: schema as Json } },
          { result: value as Json },
        );
        const [first] = issues;
        return first
          ? { valid: false, data: undefined, errorMessage: `${first.path}: ${first.message}` }
          : { valid: true, data: value as never, errorMessage: undefined };
      },
    },
  };
}

async function transportOf(server: McpServer): Promise<{ transport: Transport; ended(): string | undefined }> {
  if (server.transport === 'http') return { transport: await httpTransport(server), ended: () => undefined };
  const { StdioTransport } = await import('./mcp-stdio.ts');
  const transport: StdioTransport = new StdioTransport(server);
  return { transport, ended: () => transport.ended };
}

async function httpTransport({ headers, url }: HttpServer): Promise<Transport> {
  const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
  return new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
}

function readTools(tools: readonly Tool[]): ServerTool[] {
  return tools.slice(0, MOST_TOOLS).map(({ annotations, description, inputSchema, name, outputSchema, title }) => {
    const shown = title ?? annotations?.title;
    return {
      name,
      ...(shown === undefined ? {} : { title: shown }),
      ...(description === undefined ? {} : { description }),
      input: objectSchema(inputSchema),
      ...(outputSchema === undefined ? {} : { output: objectSchema(outputSchema) }),
    };
  });
}

/** As the server gave it, unless it is too large to be shown: then an object that may hold anything. */
function objectSchema(schema: object): ObjectSchema {
  return JSON.stringify(schema).length > LONGEST_SCHEMA
    ? { type: 'object' }
    : { ...(schema as JsonObject), type: 'object' };
}
