import type { ObjectSchema } from '@signalbox/plugin-sdk';
import type { PromptConfig, PromptOutput } from './prompt-config.ts';
import { answerFields, modelFields } from './prompt-config.ts';

export type AgentConfig = PromptConfig & { tools?: string[]; maxTurns?: number };
export type AgentOutput = PromptOutput & { turns: number; toolCalls: number };

export const DEFAULT_TURNS = 20;

export const agentConfig: ObjectSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['prompt'],
  properties: {
    ...modelFields,
    prompt: { ...modelFields.prompt, description: 'What the agent is to do.' },
    tools: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      default: [],
      title: 'Tools',
      description:
        'What it may call: built-in tools such as http.request, mcp:SERVER/TOOL, or all tools of a server as mcp:SERVER.',
      examples: [['http.request']],
    },
    maxTurns: {
      type: 'integer',
      minimum: 1,
      maximum: 1_000,
      default: DEFAULT_TURNS,
      title: 'Most turns',
      description: 'How often the model is asked at most. An agent that has not come to its end by then fails.',
    },
  },
};

export const agentOutput: ObjectSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['text', 'model', 'usage', 'turns', 'toolCalls'],
  properties: {
    ...answerFields,
    text: { ...answerFields.text, description: 'The last answer.' },
    turns: { type: 'integer', minimum: 1, title: 'Turns', description: 'How often the model was asked.' },
    toolCalls: { type: 'integer', minimum: 0, title: 'Tool calls', description: 'How many calls of tools it made.' },
  },
};
