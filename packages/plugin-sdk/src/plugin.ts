import type { StepType } from './step-type.ts';

/**
 * An installable package of step types: the default export of a package, a folder's index or a file.
 *
 * @example
 * const plugin: Plugin = { name: 'signalbox-plugin-acme', contract: 1, stepTypes: [shout, whisper] };
 */
export interface Plugin {
  /** The package's name. */
  name: string;
  /** Read from the package when absent. */
  version?: string;
  /** The version of this contract that the plugin was written for; the host refuses one that it does not know. */
  contract: 1;
  stepTypes: StepType[];
}

/**
 * Gives a plugin its types; returns what it is given. The host checks everything again when it loads the plugin.
 *
 * @example
 * // index.ts of the package signalbox-plugin-acme
 * export default definePlugin({ name: 'signalbox-plugin-acme', contract: 1, stepTypes: [shout] });
 */
export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}
