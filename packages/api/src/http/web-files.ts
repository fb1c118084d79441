/**
 * The files of the built web app, held in memory: a few megabytes, packed once. A later build into the same folder then
 * neither breaks nor mixes with what this process serves, and no address can lead out of the folder.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { lookup } from 'mrmime';

export interface WebFile {
  contentType: string;
  etag: string;
  body: Buffer;
  /** Absent where packing gains nothing, as for fonts. */
  packed?: Buffer;
}

/** Every file by its address, such as `/assets/index-abc.js`. */
export async function readWebFiles(folder: string): Promise<Map<string, WebFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry): Promise<[string, WebFile]> => {
        const name = path.join(entry.parentPath, entry.name);
        return [`/${path.relative(folder, name).split(path.sep).join('/')}`, await readWebFile(name)];
      }),
  );
  return new Map(files);
}

async function readWebFile(name: string): Promise<WebFile> {
  const body = await readFile(name);
  const packed = await promisify(gzip)(body);
  return {
    contentType: lookup(name) ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(body).digest('base64url')}"`,
    body,
    ...(packed.length < body.length * 0.9 && { packed }),
  };
}

export function sendWebFile(request: IncomingMessage, response: ServerResponse, file: WebFile): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    return;
  }
  response.setHeader('ETag', file.etag);
  response.setHeader('Vary', 'Accept-Encoding');
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304).end();
    return;
  }
  const packed = /\bgzip\b/.test(String(request.headers['accept-encoding'])) ? file.packed : undefined;
  const body = packed ?? file.body;
  response.writeHead(200, {
    'Content-Type': file.contentType,
    'Content-Length': body.length,
    ...(packed && { 'Content-Encoding': 'gzip' }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
