import { fileURLToPath } from 'node:url';
import { conformance } from '@signalbox/plugin-sdk/conformance';
import type { Logger } from 'pino';
import { schemaProblem } from './built-in-plugins.ts';
import { FileWatch } from './file-watch.ts';
import { resolvePlugin } from './plugin-location.ts';
import { PluginProcess } from './plugin-process.ts';
import { manifestOf, versionOf } from './plugin-version.ts';
import { ProcessPool } from './process-pool.ts';
import type { LoadMessage, PluginDescription } from './protocol.ts';

/** The version of a plugin that new steps run with. */
export interface ServingPlugin {
  description: PluginDescription;
  version: string;
  pool: ProcessPool;
}

export interface HostedPluginOptions {
  source: string;
  memoryMib: number;
  logger: Logger;
}

/** A plugin of somebody else: runs in processes of its own, and is loaded again when its files change. */
export class HostedPlugin {
  readonly source: string;
  readonly #options: HostedPluginOptions;
  #serving: ServingPlugin | undefined;
  #problem: string | undefined = 'it is being loaded';
  #watch: FileWatch | undefined;
  /** Those that still run steps of an older version. */
  readonly #retired = new Set<ProcessPool>();
  #isClosed = false;
  #wasSought = false;

  constructor(options: HostedPluginOptions) {
    this.source = options.source;
    this.#options = options;
  }

  get serving(): ServingPlugin | undefined {
    return this.#serving;
  }

  /** Why it was refused the last time that it was loaded; at first, that it has not been. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Loads it, or loads it anew. One that was refused leaves the version before it in service. */
  async load(): Promise<void> {
    const startedAt = Date.now();
    this.#watch = undefined;
    this.#wasSought = true;
    const url = await this.#locate();
    if (url === undefined) return;
    const process = new PluginProcess({ ...this.#options, url });
    const loaded = await process.loaded;
    this.#watch = new FileWatch(watchedFiles(url, loaded.files), startedAt);
    this.#problem = this.#isClosed ? 'it was removed' : problemOf(loaded);
    if (loaded.type === 'refused' || this.#problem !== undefined) {
      process.kill('was refused');
      return;
    }
    const version = loaded.plugin.version ?? (await versionOf(url).catch(() => '0.0.0'));
    this.#replace({ description: loaded.plugin, version, pool: new ProcessPool({ ...this.#options, url }, process) });
  }

  /** Whether it should be loaded, or loaded anew: one that was not there looks again whether it is. */
  async changed(): Promise<boolean> {
    if (this.#watch) return this.#watch.changed();
    if (!this.#wasSought) return true;
    return resolvePlugin(this.source).then(
      () => true,
      () => false,
    );
  }

  /** Steps that run go on to their end. */
  retire(): void {
    this.#isClosed = true;
    this.#replace(undefined);
  }

  async close(): Promise<void> {
    this.retire();
    await Promise.all([...this.#retired].map((pool) => pool.close()));
  }

  async #locate(): Promise<string | undefined> {
    try {
      return await resolvePlugin(this.source);
    } catch (error) {
      const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
      this.#problem = `it was not found. Install the package, or give a path that starts with "./" or "/". (${reason})`;
      return undefined;
    }
  }

  #replace(next: ServingPlugin | undefined): void {
    const before = this.#serving?.pool;
    this.#serving = next;
    if (!before) return;
    this.#retired.add(before);
    void before.retire().then(() => this.#retired.delete(before));
  }
}

/** The process has checked itself; but what it says of itself is checked here, too. */
function problemOf(loaded: LoadMessage): string | undefined {
  if (loaded.type === 'refused') return loaded.problem;
  const { plugin } = loaded;
  const stepTypes = plugin.stepTypes.map((stepType) => ({ ...stepType, run: () => undefined }));
  const broken = conformance({ ...plugin, contract: 1, stepTypes }).find((check) => !check.passed);
  if (broken) return `not so: ${broken.name}. ${broken.reason ?? ''}`.trim();
  return schemaProblem(plugin);
}

function watchedFiles(url: string, read: readonly string[]): string[] {
  return [...new Set([fileURLToPath(url), manifestOf(url), ...read])].filter((file) => file !== undefined);
}
