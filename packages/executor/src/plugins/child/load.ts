import type { Plugin } from '@signalbox/plugin-sdk';
import { conformance } from '@signalbox/plugin-sdk/conformance';
import type { PluginDescription, StepTypeDescription } from '../protocol.ts';

export type Loaded = { plugin: Plugin; problem?: undefined } | { problem: string };

/** Imports a plugin and checks everything about it that can be known without running a step. */
export async function loadPlugin(url: string): Promise<Loaded> {
  let exported: unknown;
  try {
    const module: { default?: unknown } = await import(url);
    exported = module.default;
  } catch (error) {
    return { problem: `it could not be loaded: ${firstLine(error)}` };
  }
  const broken = conformance(exported).find((check) => !check.passed);
  if (broken) return { problem: `not so: ${broken.name}. ${broken.reason ?? ''}`.trim() };
  // The checks above have looked at every field.
  return { plugin: exported as Plugin };
}

export function describePlugin({ name, stepTypes, version }: Plugin): PluginDescription {
  return { name, version, stepTypes: stepTypes.map(describeStepType) };
}

/** Field by field: a step type may be an instance of a class. */
function describeStepType({
  config,
  description,
  icon,
  output,
  repeatable,
  title,
  type,
}: Plugin['stepTypes'][number]): StepTypeDescription {
  return { type, title, description, icon, config, output, repeatable };
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? '';
}
