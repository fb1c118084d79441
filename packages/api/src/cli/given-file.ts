import { readFile } from 'node:fs/promises';
import { UsageError } from './exit-codes.ts';

/** The text of a file that was named on the command line. Throws UsageError when it cannot be read. */
export async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file}: the file cannot be read (${error.code}).`);
  });
}
