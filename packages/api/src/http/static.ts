/** The web app: files as they were built, and its one page for every address that the app itself understands. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { sendText } from './answer.ts';
import { readWebFiles, sendWebFile } from './web-files.ts';

const PAGE_PATHS =
  /^\/(index\.html|login|jobs(\/.*)?|workflows(\/.*)?|new-workflow|schedules|subjects|statistics|compare|workers|settings)?$/;
const NONCE_PLACEHOLDER = '__CSP_NONCE__';

const FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

function pagePolicy(nonce: string): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self' ws: wss:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

export type StaticHandler = (request: IncomingMessage, response: ServerResponse, pathname: string) => void;

/** Serves the folder of the built web app. Without one, its pages say how to build it. */
export async function serveWebApp(folder: string): Promise<StaticHandler> {
  const page = await readFile(path.join(folder, 'index.html'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  const files = page === undefined ? new Map() : await readWebFiles(folder);

  return (request, response, pathname) => {
    const file = files.get(pathname);
    if (PAGE_PATHS.test(pathname)) sendPage(request, response, page, 200);
    else if (file) {
      setFileHeaders(response, pathname);
      sendWebFile(request, response, file);
    } else if (page !== undefined && isNavigation(request)) {
      // The app says it better to people, and has a way back.
      sendPage(request, response, page, 404);
    } else sendText(response, 404, `There is nothing at ${pathname.slice(0, 100)}.`);
  };
}

function isNavigation({ headers }: IncomingMessage): boolean {
  return String(headers.accept).includes('text/html');
}

function sendPage(request: IncomingMessage, response: ServerResponse, page: string | undefined, status: number): void {
  if (page === undefined) {
    sendText(response, 404, 'The web app is not built. `npm start` builds it; the API is at /graphql.');
    return;
  }
  const nonce = randomBytes(16).toString('base64');
  const body = page.replaceAll(NONCE_PLACEHOLDER, nonce);
  response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Content-Security-Policy': pagePolicy(nonce),
    'Cache-Control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function setFileHeaders(response: ServerResponse, pathname: string): void {
  response.setHeader('Content-Security-Policy', FILE_POLICY);
  // Names under assets/ carry a hash of the content.
  response.setHeader(
    'Cache-Control',
    pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  );
}
