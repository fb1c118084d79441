import { definePlugin, defineStepType } from '@signalbox/plugin-sdk';
import { checkAnswer } from './answer-check.ts';
import { echo } from './offline-echo.ts';
import type { PromptConfig, PromptOutput } from './prompt-config.ts';
import { OFFLINE_MODEL, promptConfig, promptOutput } from './prompt-config.ts';

export const prompt = defineStepType<PromptConfig, PromptOutput>({
  type: 'prompt',
  title: 'Prompt',
  description: 'Asks a language model once, and hands on its answer as text or as a value that fits a schema.',
  icon: 'message',
  config: promptConfig,
  output: promptOutput,
  repeatable: true,
  uses: ({ model }) => model ?? OFFLINE_MODEL,
  async run(ctx) {
    const { model = OFFLINE_MODEL, output: schema } = ctx.config;
    if (model === OFFLINE_MODEL) return echo(ctx);
    // A schema that cannot be used is told before the call costs anything.
    if (schema !== undefined) await checkAnswer(schema);
    // Only now: the client costs 20 MB and a fifth of a second, and many workers never ask a model.
    const { askModel } = await import('./prompt-turns.ts');
    return askModel(ctx, model);
  },
});

export default definePlugin({ name: '@signalbox/plugins', contract: 1, stepTypes: [prompt] });
