import type { ObjectSchema } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';
import { hostOf } from '@signalbox/plugin-sdk/host';
import { withFile } from './job-folder.ts';
import type { Tool } from './tool-kind.ts';

type FileReadInput = { path: string; encoding?: 'text' | 'base64' | 'json'; maxBytes?: number };

const DEFAULT_MAX_BYTES = 1024 * 1024;
const MOST_MAX_BYTES = 8 * 1024 * 1024;

const input: ObjectSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['path'],
  properties: {
    path: { type: 'string', minLength: 1, title: 'Path', description: "From the job's working folder." },
    encoding: {
      type: 'string',
      enum: ['text', 'base64', 'json'],
      title: 'Encoding',
      description:
        'How the content is given: as UTF-8 text, as Base64, or as the value that the JSON in it is. text when absent.',
    },
    maxBytes: {
      type: 'integer',
      minimum: 1,
      maximum: MOST_MAX_BYTES,
      title: 'Largest file',
      description: 'A larger one fails the step; 1 MiB when absent.',
    },
  },
};

const output: ObjectSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['path', 'sizeBytes', 'content'],
  properties: {
    path: { type: 'string', title: 'Path', description: 'As it was given.' },
    sizeBytes: { type: 'integer', minimum: 0, title: 'Size', description: 'In bytes.' },
    content: { title: 'Content', description: 'A text, or with the encoding json any value.' },
  },
};

export const fileRead: Tool = {
  name: 'file.read',
  title: 'Read a file',
  description: "Reads a file of the job's working folder.",
  input,
  output,
  async run(given, ctx) {
    const { path, encoding = 'text', maxBytes = DEFAULT_MAX_BYTES } = given as FileReadInput;
    const bytes = await withFile(await hostOf(ctx).folder(), path, async (file, { size }) => {
      if (size > maxBytes) {
        throw refusal(`The file "${path}" has ${size} bytes, and at most ${maxBytes} are read. Raise maxBytes.`);
      }
      // One more than there should be: it may have grown since.
      const buffer = Buffer.alloc(size + 1);
      const { bytesRead } = await file.read(buffer, 0, size + 1, 0);
      return buffer.subarray(0, Math.min(bytesRead, size));
    });
    return { path, sizeBytes: bytes.length, content: decoded(path, bytes, encoding) };
  },
};

function decoded(path: string, bytes: Buffer, encoding: 'text' | 'base64' | 'json'): unknown {
  if (encoding === 'base64') return bytes.toString('base64');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refusal(`The file "${path}" is not UTF-8 text. Read it with the encoding base64.`);
  }
  if (encoding === 'text') return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refusal(`The file "${path}" is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function refusal(message: string): StepFailure {
  return new StepFailure(message, { category: 'USER_INPUT', retryable: false });
}
