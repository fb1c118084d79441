import type { ObjectSchema } from '@signalbox/plugin-sdk';

export type PromptConfig = {
  model?: string;
  prompt: string;
  system?: string;
  output?: Record<string, unknown>;
  temperature?: number;
  maxOutputTokens?: number;
};
export type Usage = { inputTokens: number | null; outputTokens: number | null };
export type PromptOutput = { text: string; model: string; usage: Usage; value?: unknown };

/** Answers without a network. */
export const OFFLINE_MODEL = 'offline/echo';

export const promptConfig: ObjectSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['prompt'],
  properties: {
    model: {
      type: 'string',
      minLength: 1,
      default: OFFLINE_MODEL,
      'x-default-from': 'SIGNALBOX_MODEL',
      title: 'Model',
      description:
        'provider/name. offline/echo answers without a network; openai/NAME and others go to the server at OPENAI_BASE_URL.',
      examples: [OFFLINE_MODEL, 'openai/gpt-5'],
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
      description: "The answer is cut after so many tokens; the model's own limit when absent.",
    },
  },
};

const tokens = { type: ['integer', 'null'], minimum: 0 };

export const promptOutput: ObjectSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['text', 'model', 'usage'],
  properties: {
    text: { type: 'string', title: 'Text', description: 'The whole answer.' },
    model: { type: 'string', title: 'Model', description: 'The model that was asked.' },
    value: { title: 'Value', description: 'The answer as a value, when an output schema was given.' },
    usage: {
      type: 'object',
      title: 'Usage',
      description: 'Tokens used; null where the server did not say.',
      additionalProperties: false,
      required: ['inputTokens', 'outputTokens'],
      properties: {
        inputTokens: { ...tokens, title: 'Input tokens', description: 'Tokens of the prompt.' },
        outputTokens: { ...tokens, title: 'Output tokens', description: 'Tokens of the answer.' },
      },
    },
  },
};
