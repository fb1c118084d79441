import type { ObjectSchema } from '@signalbox/plugin-sdk';
import { DEFAULT_WORK_MS, jsonWork } from './json-work.ts';
import type { Tool } from './tool-kind.ts';
import { WORK_TIMEOUT } from './work-timeout.ts';

type JsonQueryInput = { expression: string; data: unknown; timeoutMs?: number };

const input: ObjectSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['expression', 'data'],
  properties: {
    expression: {
      type: 'string',
      minLength: 1,
      maxLength: 100_000,
      title: 'Expression',
      description: 'In JSONata (https://jsonata.org), such as $sum(orders.(price * quantity)).',
    },
    data: { title: 'Data', description: 'What the expression is about: any value.' },
    timeoutMs: WORK_TIMEOUT,
  },
};

const output: ObjectSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['value'],
  properties: { value: { title: 'Value', description: 'What the expression gives; null when it gives nothing.' } },
};

export const jsonQuery: Tool = {
  name: 'json.query',
  title: 'Query JSON',
  description: 'Selects from a value, reshapes it or adds it up, by a JSONata expression.',
  input,
  output,
  async run(given, ctx) {
    const { expression, data, timeoutMs = DEFAULT_WORK_MS } = given as JsonQueryInput;
    return { value: await jsonWork(ctx, 'The expression', { kind: 'query', expression, data, timeoutMs }) };
  },
};
