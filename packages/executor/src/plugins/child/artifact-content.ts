import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Calls } from '../protocol.ts';

/** What is larger goes by way of a file. */
const LARGEST_IN_MESSAGE = 1024 * 1024;

/** The content as it is sent; `file` is to be removed when that is done. */
export async function artifactToSend(
  content: Uint8Array | string | { path: string },
): Promise<{ ask: Calls['artifact']['ask']['content']; file?: string }> {
  if (typeof content === 'object' && 'path' in content) return { ask: { path: content.path } };
  const isText = typeof content === 'string';
  if (content.length <= LARGEST_IN_MESSAGE)
    return { ask: isText ? { text: content } : { base64: Buffer.from(content).toString('base64') } };
  const file = join(tmpdir(), `signalbox-artifact-${randomUUID()}`);
  await writeFile(file, content, { mode: 0o600 });
  return { ask: { path: file, isText }, file };
}
