import type { StepContext } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';
import { checkAnswer } from './answer-check.ts';
import { PlaceholderError, placeholder } from './placeholder.ts';
import type { PromptConfig, PromptOutput } from './prompt-config.ts';
import { OFFLINE_MODEL } from './prompt-config.ts';

const MOST_LINES = 12;
const LONGEST_LINE = 200;

/** Answers with a digest of the prompt, or with a placeholder that fits the output schema, and says that it did. @param note what else is to be said */
export async function echo(ctx: StepContext<PromptConfig>, note = ''): Promise<PromptOutput> {
  const { prompt, output: schema } = ctx.config;
  const value = schema === undefined ? undefined : await fittingPlaceholder(schema);
  const lines =
    value === undefined
      ? [`[offline/echo] No model was called.${note} The prompt begins:`, ...digest(prompt)]
      : [`[offline/echo] No model was called.${note} This value only fits the schema:`, JSON.stringify(value)];
  for (const [index, line] of lines.entries()) {
    await ctx.checkpoint();
    ctx.log('PROGRESS', line);
    ctx.progress(((index + 1) / lines.length) * 100);
  }
  ctx.cost({ model: OFFLINE_MODEL, inputTokens: 0, outputTokens: 0, microUsd: 0n });
  const answer = { text: lines.join('\n'), model: OFFLINE_MODEL, usage: { inputTokens: 0, outputTokens: 0 } };
  return value === undefined ? answer : { ...answer, value };
}

function digest(prompt: string): string[] {
  const lines = prompt.split('\n').filter((line) => line.trim() !== '');
  const shown = lines
    .slice(0, MOST_LINES)
    .map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line));
  const left = lines.length - shown.length;
  return left === 0 ? shown : [...shown, `… and ${left} more ${left === 1 ? 'line' : 'lines'}.`];
}

async function fittingPlaceholder(schema: Record<string, unknown>): Promise<unknown> {
  try {
    const value = placeholder(schema);
    const problem = await checkAnswer(schema, value);
    if (problem === undefined) return value;
    throw new PlaceholderError(problem);
  } catch (error) {
    if (!(error instanceof PlaceholderError)) throw error;
    const message = `offline/echo cannot make a value for this output schema: ${error.message}. Add examples to the schema, or use another model.`;
    throw new StepFailure(message, { category: 'CONFIGURATION', retryable: false, cause: error });
  }
}
