import type { ObjectSchema } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';
import { hostOf } from '@signalbox/plugin-sdk/host';
import { putFile } from './job-folder.ts';
import type { Tool } from './tool-kind.ts';

type FileWriteInput = { path: string; content: unknown; encoding?: 'text' | 'base64' | 'json'; overwrite?: boolean };

const MOST_BYTES = 8 * 1024 * 1024;

const input: ObjectSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['path', 'content'],
  properties: {
    path: {
      type: 'string',
      minLength: 1,
      title: 'Path',
      description: "From the job's working folder; folders that are missing are made.",
    },
    content: { title: 'Content', description: 'A text, or with the encoding json any value; at most 8 MiB.' },
    encoding: {
      type: 'string',
      enum: ['text', 'base64', 'json'],
      title: 'Encoding',
      description:
        'What the content is: a text that is written as UTF-8, bytes as Base64, or a value that is written as JSON. text when absent.',
    },
    overwrite: {
      type: 'boolean',
      title: 'Overwrite',
      description: 'If false, a file that exists fails the step; true when absent.',
    },
  },
};

const output: ObjectSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['path', 'sizeBytes', 'replaced'],
  properties: {
    path: { type: 'string', title: 'Path', description: 'As it was given.' },
    sizeBytes: { type: 'integer', minimum: 0, title: 'Size', description: 'In bytes.' },
    replaced: { type: 'boolean', title: 'Replaced', description: 'Whether there was such a file before.' },
  },
};

export const fileWrite: Tool = {
  name: 'file.write',
  title: 'Write a file',
  description: "Writes a file into the job's working folder, whole or not at all.",
  input,
  output,
  async run(given, ctx) {
    const { path, content, encoding = 'text', overwrite = true } = given as FileWriteInput;
    const bytes = encoded(content, encoding);
    if (bytes.length > MOST_BYTES) {
      throw refusal(`The content has ${bytes.length} bytes, and a file may have at most ${MOST_BYTES}.`);
    }
    const replaced = await putFile(await hostOf(ctx).folder(), path, bytes, { overwrite });
    return { path, sizeBytes: bytes.length, replaced };
  },
};

function encoded(content: unknown, encoding: 'text' | 'base64' | 'json'): Buffer {
  if (encoding === 'json') return Buffer.from(`${JSON.stringify(content, undefined, 2)}\n`);
  if (typeof content !== 'string') {
    throw refusal('The content is no text. Write it with the encoding json, or turn it into a text.');
  }
  if (encoding === 'text') return Buffer.from(content);
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(content.replaceAll(/\s/g, ''))) throw refusal('The content is no Base64.');
  return Buffer.from(content, 'base64');
}

function refusal(message: string): StepFailure {
  return new StepFailure(message, { category: 'USER_INPUT', retryable: false });
}
