import type { StepContext } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';
import type { ModelMessage } from 'ai';
import { checkAnswer } from './answer-check.ts';

/** A text that is to be a value: either the value, or what is wrong with it. */
type Reading = { value: unknown } | { problem: string };

/** Reads an answer as a value that fits the schema. */
export async function readValue(text: string, schema: Record<string, unknown>): Promise<Reading> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'it is no JSON' };
  }
  const problem = await checkAnswer(schema, value);
  return problem === undefined ? { value } : { problem };
}

/** What a model is told about an answer that does not fit. */
export function repairRequest(ctx: StepContext<unknown>, problem: string): ModelMessage {
  ctx.log('WARNING', `The answer does not fit the output schema: ${problem}. The model is asked once more.`);
  const content = `Your answer does not fit the output schema: ${problem}. Answer again with nothing but a JSON value that fits it.`;
  return { role: 'user', content };
}

/** Another try of the step may well give a better answer. */
export function unfit(model: string, problem: string): StepFailure {
  const message = `The answer of ${model} does not fit the output schema, even when asked again: ${problem}.`;
  return new StepFailure(message, { category: 'PLUGIN', retryable: true });
}
