import { type McpServer, secretsOf, withSecrets } from '@signalbox/core/mcp-servers';
import type { ServerTool } from '@signalbox/plugin-sdk/host';
import type { Logger } from 'pino';
import { connectMcp, type McpConnection, type McpEvents } from './mcp-connection.ts';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const PING_EVERY_MS = 30_000;
const PONG_WITHIN_MS = 10_000;

export type ServerStatus = 'CONNECTING' | 'READY' | 'UNREACHABLE';

export interface ServerReport {
  name: string;
  transport: string;
  status: ServerStatus;
  /** Why it cannot be reached, in one line. */
  problem: string | null;
  tools: ServerTool[];
}

export interface McpServerOptions {
  name: string;
  server: McpServer;
  /** For connections that no step asked for; `get` throws when there is none. */
  secrets: { refresh(): Promise<void>; get(name: string): string };
  logger: Logger;
  onLog: McpEvents['onLog'];
  /** The report has changed. */
  onChange(): void;
}

/** Keeps one connection to one server: made anew when it was lost, and when a secret that it was made with has changed. */
export class McpServerLink {
  readonly #options: McpServerOptions;
  readonly #ping: NodeJS.Timeout;
  #report: Pick<ServerReport, 'status' | 'problem' | 'tools'> = { status: 'CONNECTING', problem: null, tools: [] };
  #current: { key: string; connection: Promise<McpConnection> } | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #again: NodeJS.Timeout | undefined;
  #closed = false;
  #calls = 0;

  constructor(options: McpServerOptions) {
    this.#options = options;
    this.#ping = setInterval(() => void this.#lookAfter(), PING_EVERY_MS).unref();
  }

  get report(): ServerReport {
    const { name, server } = this.#options;
    return { name, transport: server.transport, ...this.#report };
  }

  get server(): McpServer {
    return this.#options.server;
  }

  /** Connects in the background, now and whenever the connection was lost. */
  start(): void {
    void this.#connectInBackground();
  }

  /** The connection, made now when there is none. Every secret of the configuration is asked for, each time. */
  async connection(secret: (name: string) => string): Promise<McpConnection> {
    let server: McpServer;
    try {
      server = withSecrets(this.#options.server, secret);
    } catch (error) {
      this.#failed(problemOf(error));
      throw error;
    }
    const key = JSON.stringify(secretsOf(this.#options.server).map(secret));
    if (this.#current?.key !== key) {
      this.#drop();
      this.#current = { key, connection: this.#connect(server, key) };
    }
    return this.#current.connection;
  }

  /** Counts a call, so that a server that is busy with it is not taken for one that has gone. */
  async during<T>(call: Promise<T>): Promise<T> {
    this.#calls += 1;
    try {
      return await call;
    } finally {
      this.#calls -= 1;
    }
  }

  /** The connection turned out to be of no use: it is given up, and made anew in the background. */
  lost(connection: McpConnection, why: string): void {
    void this.#current?.connection.then((current) => {
      if (current !== connection) return;
      this.#drop();
      this.#failed(why);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#ping);
    clearTimeout(this.#again);
    const connection = await this.#current?.connection.catch(() => undefined);
    await connection?.close();
  }

  async #connectInBackground(): Promise<void> {
    const { refresh, get } = this.#options.secrets;
    try {
      await refresh();
    } catch (error) {
      this.#failed(problemOf(error));
      return;
    }
    // What fails from here on is reported, and tried again later.
    await this.connection(get).catch(() => undefined);
  }

  async #connect(server: McpServer, key: string): Promise<McpConnection> {
    clearTimeout(this.#again);
    const { logger, name } = this.#options;
    const isCurrent = () => this.#current?.key === key;
    try {
      const connection = await connectMcp(server, {
        onLog: this.#options.onLog,
        onTools: (tools) => {
          if (isCurrent()) this.#set({ status: 'READY', problem: null, tools });
        },
        onClosed: (why) => {
          if (!isCurrent()) return;
          this.#current = undefined;
          this.#failed(why);
        },
      });
      logger.info({ server: name, tools: connection.tools.length }, 'connected to an MCP server');
      this.#pauseMs = FIRST_PAUSE_MS;
      if (isCurrent()) this.#set({ status: 'READY', problem: null, tools: connection.tools });
      return connection;
    } catch (error) {
      if (isCurrent()) {
        this.#current = undefined;
        this.#failed(problemOf(error));
      }
      throw error;
    }
  }

  #failed(why: string): void {
    if (this.#closed) return;
    this.#options.logger.warn({ server: this.#options.name, why }, 'an MCP server cannot be reached');
    this.#set({ status: 'UNREACHABLE', problem: why, tools: this.#report.tools });
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.start(), this.#pauseMs).unref();
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }

  #drop(): void {
    const dropped = this.#current;
    this.#current = undefined;
    dropped?.connection.then((connection) => connection.close()).catch(() => undefined);
  }

  async #lookAfter(): Promise<void> {
    const connection = await this.#current?.connection.catch(() => undefined);
    if (!connection || this.#calls > 0) return;
    try {
      await connection.client.ping({ timeout: PONG_WITHIN_MS });
    } catch (error) {
      if (this.#calls === 0) this.lost(connection, problemOf(error));
    }
  }

  #set(report: Pick<ServerReport, 'status' | 'problem' | 'tools'>): void {
    this.#report = report;
    this.#options.onChange();
  }
}

function problemOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = cause instanceof Error ? cause.message || cause.name : String(cause);
  return (text.split('\n', 1)[0] ?? '').slice(0, 500);
}
