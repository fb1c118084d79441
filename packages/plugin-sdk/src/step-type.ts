import type { StepContext } from './context.ts';
import type { ObjectSchema } from './schema.ts';

/**
 * Return it from `run` to park the step without holding a worker, until a moment or until somebody has answered. The
 * step then runs again, with `ctx.resume` set.
 *
 * @example
 * if (!ctx.resume) return { wait: { approval: { message: 'Publish to production?' } } };
 * if (!ctx.resume.approved) throw new StepFailure('Publishing was turned down.', { category: 'USER_INPUT' });
 */
export type Wait = { wait: { until?: Date; approval?: { message: string; form?: ObjectSchema } } };

/**
 * What a step does. Write `Config` as a `type`, not as an `interface`, so that it fits into a Plugin's list.
 *
 * @example
 * type ShoutConfig = { text: string };
 *
 * const shout: StepType<ShoutConfig, { text: string }> = {
 *   type: 'acme.shout',
 *   title: 'Shout',
 *   description: 'Turns a text into capitals.',
 *   config: { type: 'object', required: ['text'], properties: { text: { type: 'string', title: 'Text' } } },
 *   repeatable: true,
 *   run: async (ctx) => ({ text: ctx.config.text.toUpperCase() }),
 * };
 */
export interface StepType<Config = Record<string, unknown>, Output = unknown> {
  /** `vendor.name` in lower case; bare words belong to the built-in ones. Never rename it: stored workflows use it. */
  type: string;
  /** A short name for lists. */
  title: string;
  /** One or two sentences for people who choose a step type. */
  description: string;
  /** The name of an icon of the web app's set. */
  icon?: string;
  /** Validates `with`: as far as possible when a workflow is saved, whole before each attempt; also draws the form. */
  config: ObjectSchema;
  /** Validates what `run` returns. */
  output?: ObjectSchema;
  /** Safe to run again after a lost worker; false when absent. */
  repeatable?: boolean;
  /** One short line for people: the agent, tool, model or program. */
  uses?(config: Config): string;
  /** Does the work; called once per attempt. What it returns is stored as JSON and is the step's `output`. */
  run(ctx: StepContext<Config>): Promise<Output | Wait>;
}

/**
 * Gives a step type its types; returns what it is given.
 *
 * @example
 * export const shout = defineStepType<{ text: string }, { text: string }>({
 *   type: 'acme.shout',
 *   title: 'Shout',
 *   description: 'Turns a text into capitals.',
 *   config: { type: 'object', required: ['text'], properties: { text: { type: 'string', title: 'Text' } } },
 *   run: async (ctx) => ({ text: ctx.config.text.toUpperCase() }),
 * });
 */
export function defineStepType<C, O>(stepType: StepType<C, O>): StepType<C, O> {
  return stepType;
}
