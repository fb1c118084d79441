import { constants, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StepFailure } from '@signalbox/plugin-sdk';

export interface StoredContent {
  storageKey: string;
  sizeBytes: number;
}

/** Keeps the content of artifacts as files below one folder. A file is there whole or not at all. */
export class ArtifactStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = resolve(folder);
  }

  /** Throws a StepFailure when the content cannot be read or there is no space. */
  async put(
    jobId: string,
    artifactId: string,
    content: Uint8Array | string | { path: string },
    { masking, signal }: { masking: Transform | undefined; signal: AbortSignal },
  ): Promise<StoredContent> {
    const storageKey = `${jobId}/${artifactId}`;
    const target = join(this.#folder, storageKey);
    const part = `${target}.part`;
    await mkdir(join(this.#folder, jobId), { recursive: true });
    try {
      const source = await readable(content);
      // Flushed, since the row that is written next promises that it is there.
      const file = createWriteStream(part, { flags: 'wx', flush: true });
      await pipeline(masking ? [source, masking, file] : [source, file], { signal });
      const { size } = await stat(part);
      await rename(part, target);
      return { storageKey, sizeBytes: size };
    } catch (error) {
      await rm(part, { force: true });
      throw explain(error);
    }
  }

  async remove(storageKey: string): Promise<void> {
    await rm(join(this.#folder, storageKey), { force: true });
  }
}

async function readable(content: Uint8Array | string | { path: string }): Promise<Readable> {
  if (typeof content === 'string' || content instanceof Uint8Array) return Readable.from([Buffer.from(content)]);
  // Non-blocking, so that a pipe in the file's place cannot hold the step for ever.
  const file = await open(content.path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: Error) => {
    throw refusal(`The file "${content.path}" cannot be kept as an artifact: ${error.message}`, error);
  });
  if ((await file.stat()).isFile()) return file.createReadStream();
  await file.close();
  throw refusal(`"${content.path}" cannot be kept as an artifact: it is not an ordinary file.`);
}

function explain(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new StepFailure('There is no space left where artifacts are kept.', {
    category: 'CONFIGURATION',
    cause: error,
  });
}

function refusal(message: string, cause?: unknown): StepFailure {
  return new StepFailure(message, { category: 'USER_INPUT', cause });
}
