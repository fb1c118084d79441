import { definePlugin, defineStepType, StepFailure } from '@signalbox/plugin-sdk';
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
    if (model.startsWith('offline/')) {
      const message = `There is no model "${model}". The only one without a network is ${OFFLINE_MODEL}.`;
      throw new StepFailure(message, { category: 'CONFIGURATION', retryable: false });
    }
    // A schema that cannot be used is told before the call costs anything.
    if (schema !== undefined) await checkAnswer(schema);
    // Only now: the client costs 20 MB and a fifth of a second, and many workers never ask a model.
    const { ask } = await import('./chat-model.ts');
    const { text, usage } = await ask(ctx, model);
    ctx.cost({
      model,
      ...(usage.inputTokens === null ? {} : { inputTokens: usage.inputTokens }),
      ...(usage.outputTokens === null ? {} : { outputTokens: usage.outputTokens }),
    });
    const answer: PromptOutput = { text, model, usage };
    return schema === undefined ? answer : { ...answer, value: await readValue(model, text, schema) };
  },
});

export default definePlugin({ name: '@signalbox/plugins', contract: 1, stepTypes: [prompt] });

async function readValue(model: string, text: string, schema: Record<string, unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unfit(`${model} did not answer with JSON, as the output schema asks.`, error);
  }
  const problem = await checkAnswer(schema, value);
  if (problem === undefined) return value;
  throw unfit(`The answer of ${model} does not fit the output schema: ${problem}.`);
}

/** Another try may well give a better answer. */
function unfit(message: string, cause?: unknown): StepFailure {
  return new StepFailure(message, { category: 'PLUGIN', retryable: true, cause });
}
