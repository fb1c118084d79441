/**
 * Downloads of what steps kept. As attachments: an HTML file of a job must not run as a page of this service. With `?view`
 * it may be looked at in a frame of the app, without scripts and without an origin.
 */
import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isId } from '@signalbox/db/ids';
import { create as contentDisposition } from 'content-disposition';
import type { Viewer } from '../auth/viewer.ts';
import type { Services } from '../context.ts';
import { StartError } from '../start-error.ts';
import { sendText } from './answer.ts';

const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+(; ?charset=[\w-]+)?$/;

/** The folder of a `file:` store. */
export function artifactFolder(setting: string): string {
  if (!setting.startsWith('file:')) {
    throw new StartError(`SIGNALBOX_ARTIFACTS: "${setting}" is not supported yet. Use file: and a folder.`, 78);
  }
  return path.resolve(setting.slice('file:'.length));
}

/** Opens the file of a key, or nothing: a key that leaves the folder by any way is as unknown as a missing file. */
async function openStored(folder: string, storageKey: string): Promise<FileHandle | undefined> {
  if (storageKey.includes('\0') || path.isAbsolute(storageKey)) return undefined;
  let file: FileHandle | undefined;
  try {
    const root = await realpath(folder);
    const real = await realpath(path.join(root, storageKey));
    if (!real.startsWith(root + path.sep)) return undefined;
    file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = await file.stat();
    // A second name of the same file could be a link to something that no step has kept.
    if (stats.isFile() && stats.nlink === 1) return file;
  } catch (error) {
    await file?.close();
    if (isMissing(error)) return undefined;
    throw error;
  }
  await file.close();
  return undefined;
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    ['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR', 'ENAMETOOLONG'].includes(String(error.code))
  );
}

/** For a frame of the app: nothing of the page runs, loads or belongs to any origin; it only looks like itself. */
const VIEW_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

function isView({ req }: ServerResponse): boolean {
  return new URL(req.url ?? '', 'http://localhost').searchParams.has('view');
}

export async function answerArtifact(
  response: ServerResponse,
  id: string,
  folder: string,
  { db }: Services,
  viewer: Viewer,
): Promise<void> {
  const artifact = isId(id) ? await db.prisma.artifact.findUnique({ where: { id, tenantId: viewer.tenantId } }) : null;
  const file = artifact && (await openStored(folder, artifact.storageKey));
  if (!artifact || !file) {
    sendText(response, 404, `There is no artifact with the id "${id.slice(0, 100)}".`);
    return;
  }
  const { size } = await file.stat();
  const shown = isView(response) && /^text\/html\b/.test(artifact.contentType);
  response.writeHead(200, {
    'Content-Type': MEDIA_TYPE.test(artifact.contentType) ? artifact.contentType : 'application/octet-stream',
    'Content-Length': size,
    'Content-Disposition': contentDisposition(artifact.name, { type: shown ? 'inline' : 'attachment' }),
    'Content-Security-Policy': shown ? VIEW_POLICY : "sandbox; default-src 'none'; frame-ancestors 'none'",
    'X-Frame-Options': shown ? 'SAMEORIGIN' : 'DENY',
    'Cache-Control': 'private, no-cache',
  });
  if (response.req.method === 'HEAD') {
    await file.close();
    response.end();
    return;
  }
  await pipeline(file.createReadStream({ end: Math.max(0, size - 1) }), response);
}
