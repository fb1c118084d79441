import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '@signalbox/db/client';
import { type AdvertisedTool, replaceWorkerTools } from '@signalbox/db/tools';
import type { ObjectSchema } from '@signalbox/plugin-sdk';
import type { Logger } from 'pino';
import type { ServerReport } from './mcp-server.ts';
import { resolvePlugin } from './plugins/plugin-location.ts';

const AGAIN_AFTER_MS = 5_000;

/** What is advertised of a built-in tool. */
type BuiltInTool = { name: string; title: string; description: string; input: ObjectSchema; output?: ObjectSchema };

/** The built-in tools, found by name as the built-in plugins are. */
export async function loadBuiltInTools(): Promise<AdvertisedTool[]> {
  const module: { BUILT_IN_TOOLS: ReadonlyMap<string, BuiltInTool> } = await import(
    await resolvePlugin('@signalbox/plugins/tools')
  );
  return [...module.BUILT_IN_TOOLS.values()].map((tool) => advertised(tool, null));
}

export interface ToolAdvertiserOptions {
  db: Database;
  workerId: string;
  builtIn: readonly AdvertisedTool[];
  servers(): ServerReport[];
  logger: Logger;
}

/** Tells the database which tools this worker offers, and how its MCP servers are, whenever that has changed. */
export class ToolAdvertiser {
  readonly #options: ToolAdvertiserOptions;
  readonly #stopped = new AbortController();
  #dirty = false;
  #writing: Promise<void> | undefined;

  constructor(options: ToolAdvertiserOptions) {
    this.#options = options;
  }

  changed(): void {
    this.#dirty = true;
    if (!this.#stopped.signal.aborted) this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#writing;
  }

  async #write(): Promise<void> {
    const { builtIn, db, logger, servers, workerId } = this.#options;
    while (this.#dirty && !this.#stopped.signal.aborted) {
      this.#dirty = false;
      const reports = servers();
      const tools = reports.flatMap(({ name, status, tools: offered }) =>
        status === 'READY' ? offered.map((tool) => advertised(serverTool(name, tool), name)) : [],
      );
      try {
        await replaceWorkerTools(db, workerId, [...builtIn, ...tools], reports);
      } catch (error) {
        logger.warn({ err: error }, 'the tools could not be advertised; it is tried again');
        this.#dirty = true;
        await delay(AGAIN_AFTER_MS, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
      }
    }
  }
}

function serverTool(server: string, tool: ServerReport['tools'][number]): BuiltInTool {
  const { description = '', input, name, output, title = name } = tool;
  return { name: `mcp:${server}/${name}`, title, description, input, ...(output ? { output } : {}) };
}

function advertised({ description, input, name, output, title }: BuiltInTool, server: string | null): AdvertisedTool {
  return { name, title, description, server, inputSchema: input, outputSchema: output ?? null };
}
