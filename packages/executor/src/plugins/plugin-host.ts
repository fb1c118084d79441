import { setTimeout as delay } from 'node:timers/promises';
import type { AdvertisedPlugin, AdvertisedStepType } from '@signalbox/db/worker-plugins';
import type { Logger } from 'pino';
import type { LoadedStepType, StepTypes } from '../runnable-step-type.ts';
import { WORKFLOW_STEP } from '../workflow-step.ts';
import { BUILT_IN_PLUGINS, type BuiltInPlugin, loadBuiltIn } from './built-in-plugins.ts';
import { HostedPlugin } from './hosted-plugin.ts';
import { hostedStepType } from './hosted-step-type.ts';
import type { PluginList } from './plugin-list.ts';
import { type SettingDefaults, withSettingDefaults } from './setting-defaults.ts';

export interface PluginHostOptions {
  /** Names of packages, or paths from the current folder. */
  plugins: readonly string[];
  /** Where the list comes from, if that may change. */
  list?: PluginList;
  settings?: SettingDefaults;
  memoryMib: number;
  logger: Logger;
}

/** Between two looks at the files. */
const LOOK_EVERY_MS = 400;

/** The step types of an executor: the built-in ones in this process, those of everybody else in processes of their own. */
export class PluginHost {
  readonly stepTypes: StepTypes;
  readonly #stepTypes = new Map<string, LoadedStepType>();
  readonly #options: PluginHostOptions;
  #builtIn: readonly BuiltInPlugin[] = [];
  #hosted: HostedPlugin[] = [];
  readonly #loading = new Set<HostedPlugin>();
  #reports: AdvertisedPlugin[] = [];
  /** What the service log knows of each. */
  readonly #told = new Map<string, string | null>();
  #followsList = false;
  #watching: Promise<void> | undefined;
  readonly #closing = new AbortController();

  /** Resolves when every plugin is loaded or refused. Throws only when a built-in one is broken. */
  static async open(options: PluginHostOptions): Promise<PluginHost> {
    const host = new PluginHost(options);
    // Asked at once: later on the file may have been changed already.
    host.#followsList = (await options.list?.isSource(options.plugins)) ?? false;
    host.#list(options.plugins);
    // Other processes load theirs meanwhile.
    const loaded = Promise.all(host.#hosted.map((plugin) => plugin.load()));
    host.#builtIn = await Promise.all(BUILT_IN_PLUGINS.map((source) => loadBuiltIn(source, options.settings ?? {})));
    await loaded;
    host.#settle();
    return host;
  }

  private constructor(options: PluginHostOptions) {
    this.#options = options;
    this.stepTypes = this.#stepTypes;
  }

  /** What became of each plugin, in the order of the settings. */
  get reports(): readonly AdvertisedPlugin[] {
    return this.#reports;
  }

  /** Looks for changes of the plugins and of their list from now on, and calls after each. */
  watch(onChange: () => void): void {
    this.#watching ??= this.#watch(onChange);
  }

  /** Ends all processes of plugins at once. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#watching;
    await Promise.all(this.#hosted.map((plugin) => plugin.close()));
  }

  /** What other processes are told about the step types: everything but the code. */
  advertised(): AdvertisedStepType[] {
    return [...this.#stepTypes.values()].map(({ plugin, pluginVersion, stepType }) => ({
      type: stepType.type,
      title: stepType.title,
      description: stepType.description,
      icon: stepType.icon ?? null,
      plugin,
      pluginVersion,
      configSchema: stepType.config,
      outputSchema: stepType.output ?? null,
      repeatable: stepType.repeatable ?? false,
    }));
  }

  async #watch(onChange: () => void): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const list = this.#followsList ? await this.#options.list?.changed() : undefined;
      if (list) {
        this.#list(list);
        this.#settle();
        onChange();
      }
      // Nobody waits for one that is slow to load.
      for (const plugin of this.#hosted) void this.#reload(plugin, onChange);
      await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #reload(plugin: HostedPlugin, onChange: () => void): Promise<void> {
    if (this.#loading.has(plugin)) return;
    this.#loading.add(plugin);
    try {
      if (!(await plugin.changed())) return;
      await plugin.load();
      if (!this.#hosted.includes(plugin) || this.#closing.signal.aborted) return;
      this.#settle();
      onChange();
    } catch (error) {
      this.#options.logger.error({ err: error, plugin: plugin.source }, 'a plugin could not be loaded again');
    } finally {
      this.#loading.delete(plugin);
    }
  }

  /** From now on these are the plugins; new ones are yet to be loaded. */
  #list(sources: readonly string[]): void {
    const { logger, memoryMib } = this.#options;
    const before = this.#hosted;
    this.#hosted = sources.map((source) => {
      const known = before.find((plugin) => plugin.source === source);
      return known ?? new HostedPlugin({ source, memoryMib, logger });
    });
    for (const plugin of before) if (!this.#hosted.includes(plugin)) plugin.retire();
  }

  /** Who is first has a step type; whoever names it again is refused. */
  #settle(): void {
    const owners = new Map<string, string>();
    this.#stepTypes.clear();
    this.#reports = [];
    for (const { name, source, stepTypes, version } of this.#builtIn) {
      for (const stepType of stepTypes) {
        owners.set(stepType.type, name);
        this.#stepTypes.set(stepType.type, { stepType, plugin: name, pluginVersion: version });
      }
      this.#report({ source, name: source, version, status: 'LOADED', problem: null }, stepTypes);
    }
    for (const [type, own] of WORKFLOW_STEP) {
      owners.set(type, own.plugin);
      this.#stepTypes.set(type, own);
    }
    for (const plugin of this.#hosted) this.#settleOne(plugin, owners);
  }

  #settleOne(plugin: HostedPlugin, owners: Map<string, string>): void {
    const { problem, serving, source } = plugin;
    if (!serving) {
      this.#report({ source, name: source, version: null, status: 'REFUSED', problem: problem ?? null }, []);
      return;
    }
    const { description, pool, version } = serving;
    const { name, stepTypes } = description;
    const taken = stepTypes.find(({ type }) => owners.has(type));
    if (taken) {
      const owner = owners.get(taken.type);
      const clash = `the step type "${taken.type}" is already there, from ${owner}. Load only one of them.`;
      this.#report({ source, name, version, status: 'REFUSED', problem: clash }, []);
      return;
    }
    for (const described of stepTypes) {
      const config = withSettingDefaults(described.config, this.#options.settings ?? {});
      const stepType = hostedStepType({ ...described, config }, pool);
      owners.set(described.type, name);
      this.#stepTypes.set(described.type, { stepType, plugin: name, pluginVersion: version });
    }
    const unheeded = problem === undefined ? null : `Its newest change is not in use: ${problem}`;
    this.#report({ source, name, version, status: 'LOADED', problem: unheeded }, stepTypes);
  }

  #report(plugin: Omit<AdvertisedPlugin, 'stepTypes'>, stepTypes: readonly { type: string }[]): void {
    if (plugin.problem && this.#told.get(plugin.source) !== plugin.problem)
      this.#options.logger.warn(`The plugin "${plugin.source}" (SIGNALBOX_PLUGINS): ${plugin.problem}`);
    this.#told.set(plugin.source, plugin.problem);
    this.#reports.push({ ...plugin, stepTypes: stepTypes.map(({ type }) => type) });
  }
}
