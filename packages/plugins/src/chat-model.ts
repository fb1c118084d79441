import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { StepContext } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';
import type { LanguageModel } from 'ai';
import { splitModel } from './model-name.ts';
import { DEMO_MODEL, demoModel } from './offline-demo.ts';

const OPENAI_URL = 'https://api.openai.com/v1';

/**
 * The model of that name: `anthropic/…` at Anthropic, `openai/…` at OpenAI, and every other one (and those two where their
 * keys are not set) at the server of OPENAI_BASE_URL. Throws a CONFIGURATION failure that says what to set.
 */
export function connectModel(ctx: StepContext<unknown>, model: string): LanguageModel {
  const { name, provider } = splitModel(model);
  if (provider === '' || name === '') {
    throw configurationFailure(`"${model}" names no model. Write provider/name, such as openai/gpt-5.`);
  }
  if (model === DEMO_MODEL) return demoModel();
  if (provider === 'offline') {
    const known = `offline/echo, and for agents ${DEMO_MODEL}`;
    throw configurationFailure(`There is no model "${model}". Those without a network are ${known}.`);
  }
  const anthropic = provider === 'anthropic' ? connectAnthropic(ctx, name) : undefined;
  return anthropic ?? connectOpenAI(ctx, model);
}

function connectAnthropic(ctx: StepContext<unknown>, name: string): LanguageModel | undefined {
  const baseURL = optionalSecret(ctx, 'ANTHROPIC_BASE_URL');
  const apiKey = optionalSecret(ctx, 'ANTHROPIC_API_KEY');
  if (baseURL === undefined && apiKey === undefined) return undefined;
  return createAnthropic({ apiKey: apiKey ?? '', ...(baseURL === undefined ? {} : { baseURL }) })(name);
}

function connectOpenAI(ctx: StepContext<unknown>, model: string): LanguageModel {
  const { name, provider } = splitModel(model);
  const baseURL = optionalSecret(ctx, 'OPENAI_BASE_URL');
  const apiKey = optionalSecret(ctx, 'OPENAI_API_KEY');
  if (baseURL === undefined && provider === 'anthropic') {
    throw configurationFailure(`${model} needs a key. Set ANTHROPIC_API_KEY.`);
  }
  if (baseURL === undefined && provider !== 'openai') {
    throw configurationFailure(`No server is known for ${model}. Set OPENAI_BASE_URL to one that has it.`);
  }
  if (baseURL === undefined && apiKey === undefined) {
    throw configurationFailure(`${model} needs a key. Set OPENAI_API_KEY, or OPENAI_BASE_URL to a server without one.`);
  }
  // Knows what OpenAI's own models want: reasoning models name some settings otherwise.
  if (provider === 'openai' && apiKey !== undefined) {
    return createOpenAI({ apiKey, baseURL: baseURL ?? OPENAI_URL }).chat(name);
  }
  return createOpenAICompatible({
    name: provider,
    baseURL: baseURL ?? OPENAI_URL,
    ...(apiKey === undefined ? {} : { apiKey }),
    includeUsage: true,
    supportsStructuredOutputs: true,
  })(name);
}

/** A server of one's own needs no key, and OpenAI no address: any of them may be unset. */
function optionalSecret(ctx: StepContext<unknown>, name: string): string | undefined {
  try {
    return ctx.secret(name) || undefined;
  } catch (error) {
    if (error instanceof StepFailure && error.category === 'CONFIGURATION') return undefined;
    throw error;
  }
}

function configurationFailure(message: string): StepFailure {
  return new StepFailure(message, { category: 'CONFIGURATION', retryable: false });
}
