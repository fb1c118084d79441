import { checkSchema } from '@signalbox/core/input';
import type { Plugin, StepType } from '@signalbox/plugin-sdk';
import { conformance } from '@signalbox/plugin-sdk/conformance';
import { resolvePlugin } from './plugin-location.ts';
import { versionOf } from './plugin-version.ts';
import type { PluginDescription } from './protocol.ts';
import { type SettingDefaults, withSettingDefaults } from './setting-defaults.ts';

/** Found and loaded by name, exactly as a stranger's; but they run in the executor itself. */
export const BUILT_IN_PLUGINS = [
  '@signalbox/plugins/command',
  '@signalbox/plugins/tool',
  '@signalbox/plugins/prompt',
  '@signalbox/plugins/agent',
  '@signalbox/plugins/simulated',
  '@signalbox/plugins/wait',
  '@signalbox/plugins/approval',
] as const;

export interface BuiltInPlugin {
  source: string;
  name: string;
  version: string;
  stepTypes: StepType[];
}

/** Loads one into this process. Throws when it cannot be used: then this Signalbox is broken. */
export async function loadBuiltIn(source: string, settings: SettingDefaults): Promise<BuiltInPlugin> {
  const url = await resolvePlugin(source);
  const module: { default?: unknown } = await import(url);
  const broken = conformance(module.default).find((check) => !check.passed);
  if (broken) throw new Error(`${source} is not so: ${broken.name}. ${broken.reason ?? ''}`);
  // The checks above have looked at every field.
  const plugin = module.default as Plugin;
  const problem = schemaProblem(plugin);
  if (problem !== undefined) throw new Error(`${source}: ${problem}`);
  const stepTypes = plugin.stepTypes.map((stepType) => withDefaultsOf(stepType, settings));
  return { source, name: plugin.name, version: plugin.version ?? (await versionOf(url)), stepTypes };
}

/** What is wrong with the schemas of a plugin, if anything is. */
export function schemaProblem({ stepTypes }: Pick<PluginDescription, 'stepTypes'>): string | undefined {
  for (const { config, output, type } of stepTypes) {
    for (const [field, schema] of Object.entries({ config, output })) {
      const [issue] = schema ? checkSchema(schema) : [];
      if (issue)
        return `the ${field} schema of "${type}" is wrong${issue.path && ` at ${issue.path}`}: ${issue.message}`;
    }
  }
  return undefined;
}

/** Inherits from what the plugin gave, which may be an instance of a class. */
function withDefaultsOf(given: StepType, settings: SettingDefaults): StepType {
  return Object.create(given, { config: { value: withSettingDefaults(given.config, settings), enumerable: true } });
}
