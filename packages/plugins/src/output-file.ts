import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StepFailure } from '@signalbox/plugin-sdk';

const LIMIT = 1024 * 1024;

/** A file into which a command may write its output; it does not exist until the command makes it. */
export interface OutputFile {
  path: string;
  /** The JSON object in it, empty when nothing was written. Throws a USER_INPUT failure for anything else. */
  read(): Promise<Record<string, unknown>>;
  remove(): Promise<void>;
}

/** Makes a private folder for one output file. */
export async function createOutputFile(): Promise<OutputFile> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-output-'));
  const path = join(folder, 'output.json');
  return {
    path,
    async read() {
      const text = await readText(path);
      return text.trim() === '' ? {} : parseObject(text);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function readText(path: string): Promise<string> {
  let file: FileHandle;
  try {
    // Non-blocking, so that a pipe put in the file's place cannot hold the step for ever.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw refusal('cannot be read', error);
  }
  try {
    if (!(await file.stat()).isFile()) throw refusal('is not an ordinary file');
    const bytes = await readUpTo(file, LIMIT + 1);
    if (bytes.length > LIMIT) throw refusal('is larger than 1 MiB; keep large results as artifacts');
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw error instanceof StepFailure ? error : refusal('is not UTF-8 text', error);
  } finally {
    await file.close();
  }
}

async function readUpTo(file: FileHandle, limit: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(limit);
  let length = 0;
  for (let read = -1; read !== 0 && length < limit; length += read) {
    read = (await file.read(bytes, length, limit - length)).bytesRead;
  }
  return bytes.subarray(0, length);
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refusal(`is not JSON (${error instanceof Error ? error.message : String(error)})`, error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refusal(`holds ${Array.isArray(value) ? 'a list' : JSON.stringify(value)?.slice(0, 40)}, not a JSON object`);
  }
  return { ...value };
}

function refusal(what: string, cause?: unknown): StepFailure {
  const message = `The output file ($SIGNALBOX_OUTPUT) ${what}. Write one JSON object of at most 1 MiB into it.`;
  return new StepFailure(message, { category: 'USER_INPUT', cause });
}
