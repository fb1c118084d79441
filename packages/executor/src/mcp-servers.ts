import type { LoggingMessageNotification } from '@modelcontextprotocol/client';
import type { McpServers as Configured } from '@signalbox/core/mcp-servers';
import type { LogLevel, StepContext } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';
import type { ServerTool, ServerToolResult, ToolServers } from '@signalbox/plugin-sdk/host';
import type { Logger } from 'pino';
import type { McpConnection } from './mcp-connection.ts';
import { readResult } from './mcp-result.ts';
import { McpServerLink, type McpServerOptions, type ServerReport } from './mcp-server.ts';

type Context = StepContext<unknown>;

const LEVELS: Record<LoggingMessageNotification['params']['level'], LogLevel> = {
  debug: 'DEBUG',
  info: 'INFO',
  notice: 'INFO',
  warning: 'WARNING',
  error: 'ERROR',
  critical: 'ERROR',
  alert: 'ERROR',
  emergency: 'ERROR',
};

export interface McpServersOptions {
  secrets: McpServerOptions['secrets'];
  logger: Logger;
  onChange(): void;
}

/** The MCP servers of this executor, each with one connection that all steps share. */
export class McpServers implements ToolServers {
  readonly names: readonly string[];
  readonly #links: ReadonlyMap<string, McpServerLink>;
  readonly #logger: Logger;
  /** The calls that run, by server, in the order in which they began. */
  readonly #running = new Map<string, Set<Context>>();

  constructor(servers: Configured, { logger, ...options }: McpServersOptions) {
    this.#logger = logger;
    this.names = Object.keys(servers).toSorted();
    const link = (name: string, server: Configured[string]) =>
      new McpServerLink({ ...options, name, server, logger, onLog: (message) => this.#log(name, message) });
    this.#links = new Map(Object.entries(servers).map(([name, server]) => [name, link(name, server)]));
  }

  start(): void {
    for (const link of this.#links.values()) link.start();
  }

  reports(): ServerReport[] {
    return [...this.#links.values()].map((link) => link.report);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#links.values()].map((link) => link.close()));
  }

  async list(server: string, ctx: Context): Promise<ServerTool[]> {
    const link = this.#link(server);
    await this.#connect(server, link, ctx);
    return link.report.tools;
  }

  async call(server: string, tool: string, input: Record<string, unknown>, ctx: Context): Promise<ServerToolResult> {
    const link = this.#link(server);
    const running = this.#running.get(server) ?? new Set();
    this.#running.set(server, running.add(ctx));
    const what = `The tool mcp:${server}/${tool}`;
    try {
      return readResult(what, await link.during(this.#ask(server, link, tool, input, ctx)));
    } catch (error) {
      // The checkpoint throws what the host wants to see of a step that was told to stop.
      if (ctx.signal.aborted) await ctx.checkpoint();
      const { mcpFailure } = await import('./mcp-failure.ts');
      throw mcpFailure(`${what} failed`, error);
    } finally {
      running.delete(ctx);
    }
  }

  async #ask(server: string, link: McpServerLink, tool: string, input: Record<string, unknown>, ctx: Context) {
    const { isLostConnection, isLostSession, reasonOf } = await import('./mcp-failure.ts');
    for (let again = false; ; again = true) {
      const connection = await this.#connect(server, link, ctx);
      try {
        return await connection.client.callTool(
          { name: tool, arguments: input },
          {
            signal: ctx.signal,
            timeout: link.server.timeoutMs,
            resetTimeoutOnProgress: true,
            onprogress: ({ message, progress, total }) => {
              if (total !== undefined && total > 0) ctx.progress((100 * progress) / total, message);
              else if (message !== undefined) ctx.log('PROGRESS', message);
            },
          },
        );
      } catch (error) {
        if (ctx.signal.aborted || !isLostConnection(error)) throw error;
        link.lost(connection, reasonOf(error));
        // A server that was started anew knows nothing of the session, and has done nothing.
        if (again || !isLostSession(error)) throw error;
      }
    }
  }

  async #connect(server: string, link: McpServerLink, ctx: Context): Promise<McpConnection> {
    try {
      return await link.connection((name) => ctx.secret(name));
    } catch (error) {
      const { mcpFailure } = await import('./mcp-failure.ts');
      throw mcpFailure(`The MCP server "${server}" cannot be reached`, error);
    }
  }

  #link(server: string): McpServerLink {
    const link = this.#links.get(server);
    if (link) return link;
    throw new StepFailure(`The MCP server "${server}" is not configured.`, { category: 'CONFIGURATION' });
  }

  /**
   * A server does not say which call a line belongs to: it goes to the call that began last, unless calls of several jobs run,
   * since what one job sees must not stand in the log of another.
   */
  #log(server: string, { data, level, logger }: LoggingMessageNotification['params']): void {
    const calls = [...(this.#running.get(server) ?? [])];
    const ctx = calls.at(-1);
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    const line = logger === undefined ? text : `${logger}: ${text}`;
    if (ctx && calls.every(({ job }) => job.id === ctx.job.id)) ctx.log(LEVELS[level], line);
    else
      this.#logger.info(
        { server, level, calls: calls.length },
        'an MCP server wrote a line that belongs to no one job',
      );
  }
}
