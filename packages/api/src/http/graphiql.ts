/** GraphiQL from the package, without a CDN. Its nine megabytes are loaded when somebody asks, packed once, and cached by hash. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { sendText } from './answer.ts';
import { GRAPHIQL_TOUR } from './graphiql-tour.ts';

export const GRAPHIQL_ASSETS = '/graphql/graphiql/';

/** Looser than the app's: the editor makes workers of blobs and styles of its own. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' blob:",
  'worker-src blob:',
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self' ws: wss:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Asset {
  name: string;
  contentType: string;
  packed: Buffer;
}

interface GraphiQL {
  page: string;
  assets: Map<string, Asset>;
}

let loaded: Promise<GraphiQL> | undefined;

async function load(): Promise<GraphiQL> {
  const { css, editorWorkerService, graphqlWorker, js, jsonWorker } = await import(
    '@graphql-yoga/render-graphiql/graphiql'
  );
  const workers = { editorWorkerService, json: jsonWorker, graphql: graphqlWorker };
  // Over SSE, since the headers that somebody sets, a token above all, come along there and not on a WebSocket.
  const options = { title: 'Signalbox GraphiQL', subscriptionsProtocol: 'SSE', defaultTabs: GRAPHIQL_TOUR };
  const script = `
const toBlob = (code) => URL.createObjectURL(new Blob([code], { type: 'application/javascript' }));
const workers = Object.fromEntries(Object.entries(${JSON.stringify(workers)}).map(([label, code]) => [label, toBlob(code)]));
self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (moduleId, label) => workers[label] };
${js};
const variables = new URLSearchParams(location.search).get('variables') ?? undefined;
YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), { ...${JSON.stringify(options)}, variables });`;
  const assets = await Promise.all([
    pack('graphiql', 'js', 'text/javascript; charset=utf-8', script),
    pack('graphiql', 'css', 'text/css; charset=utf-8', css),
  ]);
  const [scriptAsset, styleAsset] = assets;
  const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${options.title}</title>
    <link rel="icon" href="/favicon.svg">
    <link rel="stylesheet" href="${GRAPHIQL_ASSETS}${styleAsset.name}">
  </head>
  <body id="body" class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript. The API itself takes POST requests with JSON at this address.</noscript>
    <div id="root"></div>
    <script src="${GRAPHIQL_ASSETS}${scriptAsset.name}"></script>
  </body>
</html>
`;
  return { page, assets: new Map(assets.map((asset) => [asset.name, asset])) };
}

async function pack(stem: string, extension: string, contentType: string, text: string): Promise<Asset> {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return { name: `${stem}-${hash}.${extension}`, contentType, packed: await promisify(gzip)(text) };
}

function loadOnce(): Promise<GraphiQL> {
  loaded ??= load().catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  return loaded;
}

/** Whether a browser asks for a page, and not a program for data. */
export function wantsGraphiQL({ method, headers }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && (headers.accept?.includes('text/html') ?? false);
}

export async function answerGraphiQL(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { page } = await loadOnce();
  response.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(page),
    'Content-Security-Policy': POLICY,
    'Cache-Control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : page);
}

export async function answerGraphiQLAsset(
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
): Promise<void> {
  const asset = (await loadOnce()).assets.get(name);
  if (!asset) {
    sendText(response, 404, 'There is no such file of GraphiQL. Load the page at /graphql again.');
    return;
  }
  const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const body = takesGzip ? asset.packed : await promisify(gunzip)(asset.packed);
  response.writeHead(200, {
    'Content-Type': asset.contentType,
    ...(takesGzip && { 'Content-Encoding': 'gzip' }),
    'Content-Length': body.length,
    'Cache-Control': 'public, max-age=31536000, immutable',
    Vary: 'Accept-Encoding',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
