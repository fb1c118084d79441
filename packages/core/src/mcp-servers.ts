/** The MCP servers of the configuration, in the shape that every MCP host reads. */
import { z } from 'zod';
import { parseDuration } from './duration.ts';
import { didYouMean } from './names.ts';

interface Common {
  /** Of a call that shows no progress. */
  timeoutMs: number;
}

/** A server that the executor starts and speaks with by its standard streams. */
export interface StdioServer extends Common {
  transport: 'stdio';
  command: string;
  args: string[];
  env: Record<string, string>;
  cwd?: string;
}

/** A server that runs elsewhere. */
export interface HttpServer extends Common {
  transport: 'http';
  url: string;
  headers: Record<string, string>;
}

export type McpServer = StdioServer | HttpServer;
export type McpServers = Readonly<Record<string, McpServer>>;

/** Names stand in `mcp:SERVER/TOOL`. */
const SERVER_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
const DEFAULT_TIMEOUT_MS = 300_000;
const HTTP_TYPES = ['http', 'streamable-http', 'streamableHttp'];
const FIELDS = {
  stdio: ['command', 'args', 'env', 'cwd', 'type', 'timeout', 'disabled'],
  http: ['url', 'headers', 'type', 'timeout', 'disabled'],
};

const common = {
  type: z.string().optional(),
  disabled: z.boolean().optional(),
  timeout: z.union([z.number().positive(), z.string()]).optional(),
};
const text = z.string().refine((value) => !value.includes('\0'));
const stdioShape = z.object({
  ...common,
  command: text.min(1),
  args: z.array(text).default([]),
  env: z.record(z.string().regex(/^[^=\0]+$/), z.coerce.string()).default({}),
  cwd: text.min(1).optional(),
});
const httpShape = z.object({
  ...common,
  url: z.string().refine((value) => /^https?:\/\//i.test(value) && URL.canParse(value.replaceAll(SECRET, 'x'))),
  headers: z.record(z.string().regex(/^[!#$%&'*+.^_`|~\w-]+$/), z.string()).default({}),
});

/** What is wrong, as the end of a line that begins with the setting's name. */
export class McpServersError extends Error {
  override name = 'McpServersError';
}

/** Reads the JSON of SIGNALBOX_MCP_SERVERS: the servers by name, or an object that has them under `mcpServers`. */
export function readMcpServers(source: string): McpServers {
  const given = parse(source);
  if (!isObject(given)) throw new McpServersError('must be an object with the servers by name');
  const byName = isObject(given.mcpServers) && Object.keys(given).length === 1 ? given.mcpServers : given;
  const servers: [string, McpServer][] = [];
  for (const [name, value] of Object.entries(byName)) {
    if (!SERVER_NAME.test(name)) {
      throw new McpServersError(`the server name ${JSON.stringify(name)} must be letters, digits, ., _ and -`);
    }
    const server = readServer(name, value);
    if (server) servers.push([name, server]);
  }
  return Object.fromEntries(servers);
}

const SECRET = /\$\{secrets\.([A-Za-z_]\w*)\}/g;

/** The names of the secrets that a server's configuration asks for as `${secrets.NAME}`. */
export function secretsOf(server: McpServer): string[] {
  return [...new Set([...JSON.stringify(server).matchAll(SECRET)].map(([, name = '']) => name))];
}

/** The configuration with its secrets in their places. */
export function withSecrets(server: McpServer, secret: (name: string) => string): McpServer {
  const fill = (value: string) => value.replaceAll(SECRET, (_all, name: string) => secret(name));
  const fillAll = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fill(value)]));
  return server.transport === 'http'
    ? { ...server, url: fill(server.url), headers: fillAll(server.headers) }
    : { ...server, args: server.args.map(fill), env: fillAll(server.env) };
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    throw new McpServersError('is not JSON');
  }
}

function readServer(name: string, value: unknown): McpServer | undefined {
  const refuse = (problem: string) => new McpServersError(`the server "${name}" ${problem}`);
  if (!isObject(value)) throw refuse('must be an object with `command` or `url`');
  const transport = transportOf(value);
  if (!transport) throw refuse('needs either `command` (a program) or `url` (http or https), and no other `type`');
  const unknown = Object.keys(value).find((field) => !FIELDS[transport].includes(field));
  if (unknown !== undefined) throw refuse(`has no field "${unknown}".${didYouMean(unknown, FIELDS[transport])}`);
  const read = transport === 'stdio' ? stdioShape.safeParse(value) : httpShape.safeParse(value);
  // What stands there may hold a password and is not shown.
  if (!read.success) throw refuse(`has a wrong value at "${read.error.issues[0]?.path.join('.')}"`);
  const { disabled, timeout, type: _type, ...fields } = read.data;
  if (disabled === true) return undefined;
  const timeoutMs = typeof timeout === 'string' ? parseDuration(timeout) : (timeout ?? DEFAULT_TIMEOUT_MS);
  if (timeoutMs === undefined) throw refuse('has a wrong value at "timeout": write milliseconds, or such as 30s or 2m');
  return 'url' in fields ? { transport: 'http', ...fields, timeoutMs } : { transport: 'stdio', ...fields, timeoutMs };
}

function transportOf({ command, type, url }: Record<string, unknown>): 'stdio' | 'http' | undefined {
  if ((command === undefined) === (url === undefined)) return undefined;
  const transport = url === undefined ? 'stdio' : 'http';
  const known =
    type === undefined || (transport === 'http' ? HTTP_TYPES.some((name) => name === type) : type === 'stdio');
  return known ? transport : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
