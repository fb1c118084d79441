import { readFile } from 'node:fs/promises';
import { UsageError } from './exit-codes.ts';

export async function sourceOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file}: the file cannot be read (${error.code}).`);
  });
}
