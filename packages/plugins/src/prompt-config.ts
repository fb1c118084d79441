import type { ObjectSchema } from '@signalbox/plugin-sdk';
import { budgetSchema } from './budget-config.ts';
import type { Usage } from './usage.ts';

export type PromptConfig = {
  model?: string;
  prompt: string;
  system?: string;
  output?: Record<string, unknown>;
  temperature?: number;
  maxOutputTokens?: number;
  budget?: Record<string, unknown>;
};
export type PromptOutput = { text: string; model: string; usage: Usage; value?: unknown };

/** Answers without a network. */
export const OFFLINE_MODEL = 'offline/echo';

/** Which model to ask, and how: the same for prompts and agents. */
export const modelFields = {
  model: {
    type: 'string',
    minLength: 1,
    default: OFFLINE_MODEL,
    'x-default-from': 'SIGNALBOX_MODEL',
    title: 'Model',
    description:
      'provider/name. offline/echo answers without a network; openai/NAME, anthropic/NAME, and others at the server of OPENAI_BASE_URL.',
    examples: [OFFLINE_MODEL, 'openai/gpt-5', 'anthropic/claude-sonnet-4-5'],
  },
  prompt: { type: 'string', minLength: 1, title: 'Prompt', description: 'What the model is asked.' },
  system: { type: 'string', title: 'System', description: 'Standing instructions for the model.' },
  output: {
    type: 'object',
    title: 'Output schema',
    description: 'A JSON Schema. The model then answers with a value that fits it, handed on as value.',
  },
  temperature: {
    type: 'number',
    minimum: 0,
    maximum: 2,
    title: 'Temperature',
    description: "How varied answers are; the model's own default when absent.",
  },
  maxOutputTokens: {
    type: 'integer',
    minimum: 1,
    title: 'Most output tokens',
    description:
      "Each answer is cut after so many tokens; when absent after the model's own limit, and where a budget counts after 4,096.",
  },
  budget: budgetSchema,
};

export const promptConfig: ObjectSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['prompt'],
  properties: modelFields,
};

const tokens = { type: ['integer', 'null'], minimum: 0 };

/** What prompts and agents hand on alike. */
export const answerFields = {
  text: { type: 'string', title: 'Text', description: 'The whole answer.' },
  model: { type: 'string', title: 'Model', description: 'The model that was asked.' },
  value: { title: 'Value', description: 'The answer as a value, when an output schema was given.' },
  usage: {
    type: 'object',
    title: 'Usage',
    description: 'Tokens used in all; null where the server did not say.',
    additionalProperties: false,
    required: ['inputTokens', 'outputTokens'],
    properties: {
      inputTokens: { ...tokens, title: 'Input tokens', description: 'Tokens that were sent.' },
      outputTokens: { ...tokens, title: 'Output tokens', description: 'Tokens of the answers.' },
    },
  },
};

export const promptOutput: ObjectSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['text', 'model', 'usage'],
  properties: answerFields,
};
