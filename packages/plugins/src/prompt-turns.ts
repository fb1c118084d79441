import type { StepContext } from '@signalbox/plugin-sdk';
import type { ModelMessage } from 'ai';
import { connectModel } from './chat-model.ts';
import { readValue, repairRequest, unfit } from './model-answer.ts';
import { takeTurn } from './model-turn.ts';
import type { PromptConfig, PromptOutput } from './prompt-config.ts';
import { addUsage } from './usage.ts';

/** Asks the model of a prompt step, and once more where its answer does not fit the output schema. */
export async function askModel(ctx: StepContext<PromptConfig>, model: string): Promise<PromptOutput> {
  const { maxOutputTokens, output: schema, prompt, system, temperature } = ctx.config;
  const connection = connectModel(ctx, model);
  const settings = { model, connection, system, temperature, maxOutputTokens, output: schema };
  const messages: ModelMessage[] = [{ role: 'user', content: prompt }];
  const turn = await takeTurn(ctx, { ...settings, messages, fresh: { system, messages } });
  const { text, usage } = turn;
  if (schema === undefined) return { text, model, usage };
  const reading = await readValue(text, schema);
  if ('value' in reading) return { text, model, usage, value: reading.value };

  const repair = repairRequest(ctx, reading.problem);
  const all = [...messages, ...turn.messages, repair];
  const second = await takeTurn(ctx, { ...settings, messages: all, fresh: { messages: [repair] } });
  const repaired = await readValue(second.text, schema);
  if ('problem' in repaired) throw unfit(model, repaired.problem);
  return { text: second.text, model, usage: addUsage(usage, second.usage), value: repaired.value };
}
