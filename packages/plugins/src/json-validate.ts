import type { ObjectSchema } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';
import type { JsonProblem } from './json-work.ts';
import { DEFAULT_WORK_MS, jsonWork } from './json-work.ts';
import type { Tool } from './tool-kind.ts';
import { WORK_TIMEOUT } from './work-timeout.ts';

type JsonValidateInput = {
  schema: Record<string, unknown> | boolean;
  data: unknown;
  report?: boolean;
  timeoutMs?: number;
};

/** Problems in the message of a failure; all of them are logged. */
const MOST_TOLD = 3;

const input: ObjectSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['schema', 'data'],
  properties: {
    schema: {
      type: ['object', 'boolean'],
      title: 'Schema',
      description: 'JSON Schema 2020-12. Nothing outside of it is fetched.',
    },
    data: { title: 'Data', description: 'What is checked: any value.' },
    report: {
      type: 'boolean',
      title: 'Only report',
      description: 'If true, a value that does not fit is told in the output and fails nothing; false when absent.',
    },
    timeoutMs: WORK_TIMEOUT,
  },
};

const output: ObjectSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['valid', 'problems'],
  properties: {
    valid: { type: 'boolean', title: 'Valid', description: 'Whether the data fits the schema.' },
    problems: {
      type: 'array',
      title: 'Problems',
      description: 'What does not fit; at most 100 things.',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: {
          path: { type: 'string', title: 'Path', description: 'JSON Pointer into the data; empty for all of it.' },
          message: { type: 'string', title: 'Message', description: 'What is wrong there.' },
        },
      },
    },
  },
};

export const jsonValidate: Tool = {
  name: 'json.validate',
  title: 'Validate JSON',
  description:
    'Checks a value against a JSON Schema; one that does not fit fails the step, unless it is only to be told.',
  input,
  output,
  async run(given, ctx) {
    const { data, report = false, schema, timeoutMs = DEFAULT_WORK_MS } = given as JsonValidateInput;
    const found = await jsonWork(ctx, 'The schema', { kind: 'validate', schema, data, timeoutMs });
    const problems = found as JsonProblem[];
    if (problems.length === 0 || report) return { valid: problems.length === 0, problems };
    const told = problems.map(({ message, path }) => (path === '' ? message : `${path}: ${message}`));
    for (const line of told) ctx.log('ERROR', line);
    const more = told.length > MOST_TOLD ? ` (and ${told.length - MOST_TOLD} more)` : '';
    const message = `The data does not fit the schema: ${told.slice(0, MOST_TOLD).join('; ')}${more}.`;
    throw new StepFailure(message, { category: 'USER_INPUT', retryable: false });
  },
};
