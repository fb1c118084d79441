import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { StepContext } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';
import type { FinishReason, JSONSchema7, LanguageModel, LanguageModelUsage } from 'ai';
import { jsonSchema, Output, streamText } from 'ai';
import { modelFailure } from './model-failure.ts';
import type { PromptConfig, Usage } from './prompt-config.ts';
import { endStopped } from './stopped.ts';

const OPENAI_URL = 'https://api.openai.com/v1';
const LONGEST_ANSWER = 4 * 1024 * 1024;

type Answer = { text: string; usage: Usage };

/** Asks a model behind an OpenAI-compatible server, and logs its answer line by line while it comes. */
export async function ask(ctx: StepContext<PromptConfig>, model: string): Promise<Answer> {
  try {
    const answer = await streamAnswer(ctx, model);
    return ctx.signal.aborted ? await endStopped(ctx) : answer;
  } catch (error) {
    if (ctx.signal.aborted) return endStopped(ctx);
    throw modelFailure(model, error);
  }
}

async function streamAnswer(ctx: StepContext<PromptConfig>, model: string): Promise<Answer> {
  const { prompt, system, output: schema, temperature, maxOutputTokens } = ctx.config;
  const ended = new AbortController();
  const log = lineLog(ctx);
  const { stream } = streamText({
    model: connect(ctx, model),
    prompt,
    ...(system === undefined ? {} : { instructions: system }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(schema === undefined ? {} : { output: Output.object({ schema: jsonSchema(schema as JSONSchema7) }) }),
    abortSignal: AbortSignal.any([ctx.signal, ended.signal]),
    // The job's retry policy decides whether to try again.
    maxRetries: 0,
    // Errors come as parts of the stream too; without this they would be printed as well.
    onError: () => undefined,
  });
  const answer: Answer = { text: '', usage: { inputTokens: null, outputTokens: null } };
  try {
    for await (const part of stream) {
      if (part.type === 'text-delta') {
        answer.text += part.text;
        if (answer.text.length > LONGEST_ANSWER) throw tooLong(model);
        log.push(part.text);
      } else if (part.type === 'finish') {
        answer.usage = usageOf(part.totalUsage);
        log.end();
        warnWhenCut(ctx, part.finishReason);
      } else if (part.type === 'error') {
        throw part.error;
      }
    }
    return answer;
  } finally {
    log.end();
    ended.abort();
  }
}

function connect(ctx: StepContext<PromptConfig>, model: string): LanguageModel {
  const slash = model.indexOf('/');
  const [provider, name] = [model.slice(0, slash), model.slice(slash + 1)];
  if (slash < 1 || name === '') {
    throw configurationFailure(`"${model}" names no model. Write provider/name, such as openai/gpt-5.`);
  }
  const givenUrl = optionalSecret(ctx, 'OPENAI_BASE_URL');
  const apiKey = optionalSecret(ctx, 'OPENAI_API_KEY');
  if (givenUrl === undefined && provider !== 'openai') {
    throw configurationFailure(`No server is known for ${model}. Set OPENAI_BASE_URL to one that has it.`);
  }
  if (givenUrl === undefined && apiKey === undefined) {
    throw configurationFailure(`${model} needs a key. Set OPENAI_API_KEY, or OPENAI_BASE_URL to a server without one.`);
  }
  const connection = createOpenAICompatible({
    name: provider,
    baseURL: givenUrl ?? OPENAI_URL,
    ...(apiKey === undefined ? {} : { apiKey }),
    includeUsage: true,
    supportsStructuredOutputs: true,
  });
  return connection(name);
}

/** A server of one's own needs no key, and OpenAI no address: either may be unset. */
function optionalSecret(ctx: StepContext<unknown>, name: string): string | undefined {
  try {
    return ctx.secret(name) || undefined;
  } catch (error) {
    if (error instanceof StepFailure && error.category === 'CONFIGURATION') return undefined;
    throw error;
  }
}

function lineLog(ctx: StepContext<unknown>): { push(text: string): void; end(): void } {
  let rest = '';
  return {
    push(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) ctx.log('INFO', line);
    },
    end() {
      if (rest !== '') ctx.log('INFO', rest);
      rest = '';
    },
  };
}

function usageOf({ inputTokens, outputTokens }: LanguageModelUsage): Usage {
  return { inputTokens: inputTokens ?? null, outputTokens: outputTokens ?? null };
}

function warnWhenCut(ctx: StepContext<unknown>, reason: FinishReason): void {
  if (reason === 'length') ctx.log('WARNING', 'The answer was cut at its token limit. Raise maxOutputTokens for more.');
  if (reason === 'content-filter') ctx.log('WARNING', "The answer was cut by the server's content filter.");
}

function tooLong(model: string): StepFailure {
  const message = `The answer of ${model} is longer than 4 MiB. Set maxOutputTokens.`;
  return new StepFailure(message, { category: 'USER_INPUT', retryable: false });
}

function configurationFailure(message: string): StepFailure {
  return new StepFailure(message, { category: 'CONFIGURATION', retryable: false });
}
