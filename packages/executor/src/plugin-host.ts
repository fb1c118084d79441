import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import path from 'node:path';
import { checkSchema } from '@signalbox/core/input';
import type { JsonObject } from '@signalbox/core/json';
import type { AdvertisedStepType } from '@signalbox/db/workers';
import type { Plugin, StepType } from '@signalbox/plugin-sdk';
import { conformance } from '@signalbox/plugin-sdk/conformance';
import { resolvePlugin } from './plugin-location.ts';
import { type SettingDefaults, withSettingDefaults } from './setting-defaults.ts';

/** Found and loaded by name, exactly as a stranger's. */
export const BUILT_IN_PLUGINS = [
  '@signalbox/plugins/command',
  '@signalbox/plugins/tool',
  '@signalbox/plugins/prompt',
  '@signalbox/plugins/agent',
  '@signalbox/plugins/simulated',
  '@signalbox/plugins/wait',
  '@signalbox/plugins/approval',
] as const;

/** A plugin that cannot be used. The message is one line: which one, why, and what to do. */
export class PluginError extends Error {
  override name = 'PluginError';
}

export interface LoadedStepType {
  stepType: StepType;
  plugin: string;
  pluginVersion: string;
}

/** What this process can run, by step type. */
export type StepTypes = ReadonlyMap<string, LoadedStepType>;

/**
 * Loads plugins by package name or path (from the current folder) and checks everything about them that can be known
 * without running a step. Throws PluginError for the first that cannot be used.
 */
export async function loadPlugins(names: readonly string[], settings: SettingDefaults = {}): Promise<StepTypes> {
  const loaded = new Map<string, LoadedStepType>();
  for (const name of names) {
    const { plugin, version } = await loadPlugin(name);
    for (const given of plugin.stepTypes) {
      // Inherits from what the plugin gave, which may be an instance of a class.
      const stepType: StepType = Object.create(given, {
        config: { value: withSettingDefaults(given.config, settings), enumerable: true },
      });
      const other = loaded.get(stepType.type);
      if (other) {
        throw refusal(
          name,
          `the step type "${stepType.type}" is already there, from ${other.plugin}. Load only one of them.`,
        );
      }
      loaded.set(stepType.type, { stepType, plugin: plugin.name, pluginVersion: version });
    }
  }
  return loaded;
}

/** What other processes are told about the step types: everything but the code. */
export function advertise(stepTypes: StepTypes): AdvertisedStepType[] {
  return [...stepTypes.values()].map(({ stepType, plugin, pluginVersion }) => ({
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

async function loadPlugin(name: string): Promise<{ plugin: Plugin; version: string }> {
  const url = await locate(name);
  const loaded = await importDefault(name, url);
  const broken = conformance(loaded).find((check) => !check.passed);
  if (broken) throw refusal(name, `not so: ${broken.name}. ${broken.reason ?? ''}`.trim());
  // The checks above have looked at every field.
  const plugin = loaded as Plugin;
  for (const { type, config, output } of plugin.stepTypes) {
    for (const [field, schema] of [
      ['config', config],
      ['output', output],
    ] as const) {
      const [issue] = schema ? checkSchema(schema) : [];
      if (issue)
        throw refusal(
          name,
          `the ${field} schema of "${type}" is wrong${issue.path && ` at ${issue.path}`}: ${issue.message}`,
        );
    }
  }
  return { plugin, version: plugin.version ?? (await versionOf(url)) };
}

async function locate(name: string): Promise<string> {
  try {
    return await resolvePlugin(name);
  } catch (error) {
    throw refusal(
      name,
      `it was not found. Install the package, or give a path that starts with "./" or "/". (${firstLine(error)})`,
    );
  }
}

async function importDefault(name: string, url: string): Promise<unknown> {
  try {
    const module: { default?: unknown } = await import(url);
    return module.default;
  } catch (error) {
    throw refusal(name, `it could not be loaded: ${firstLine(error)}`);
  }
}

async function versionOf(url: string): Promise<string> {
  const manifest = findPackageJSON(url);
  // Where there is none it gives back what it was asked about.
  if (manifest === undefined || path.basename(manifest) !== 'package.json') return '0.0.0';
  const { version }: JsonObject = JSON.parse(await readFile(manifest, 'utf8'));
  return typeof version === 'string' ? version : '0.0.0';
}

function refusal(name: string, why: string): PluginError {
  return new PluginError(`The plugin "${name}" (SIGNALBOX_PLUGINS) cannot be used: ${why}`);
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? '';
}
