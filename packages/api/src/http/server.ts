import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { AccessError } from '../auth/access-error.ts';
import { AUTH_PATHS, answerAuth } from '../auth/routes.ts';
import type { Services } from '../context.ts';
import { answerRest, REST_BASE } from '../rest/answer-rest.ts';
import { sendAccessError, sendText, setSecurityHeaders } from './answer.ts';
import { answerArtifact } from './artifacts.ts';
import { answerExamples, EXAMPLES_PATH } from './examples-page.ts';
import { answerGraphiQLAsset, GRAPHIQL_ASSETS } from './graphiql.ts';
import { answerGraphQL, createGraphQLServer, type GraphQLServer } from './graphql.ts';
import { type GuardLists, refusalOf } from './guard.ts';
import { answerHealth, answerReadiness } from './health.ts';
import { answerLog } from './log-download.ts';
import { OperationList, readClientOperations, readWebOperations } from './operation-list.ts';
import { withRequestId } from './request-id.ts';
import { type StaticHandler, serveWebApp } from './static.ts';
import { serveWebSockets } from './websocket.ts';

export interface ServerOptions {
  services: Services;
  host: string;
  /** 0 takes any free one. */
  port: number;
  guard: GuardLists;
  /** Where the files of artifacts are. */
  artifactFolder: string;
  /** Where the web app was built to. */
  webFolder: string;
}

export interface RunningServer {
  /** Such as http://127.0.0.1:4000 */
  url: string;
  /** Takes nothing new, lets go of live connections, and waits up to 5 seconds for answers under way. */
  close(): Promise<void>;
}

const DRAIN_MS = 5_000;
/** A client that sends slowly is answered with 408. */
const TIMEOUTS = { requestTimeout: 30_000, headersTimeout: 10_000, connectionsCheckingInterval: 5_000 };

/** Listens on one port for everything. Throws the listening error, such as EADDRINUSE. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { services, host, port, guard } = options;
  const operations = await openOperations(options);
  const graphql = createGraphQLServer(services, operations);
  const route = router(options, graphql, await serveWebApp(options.webFolder));
  const underWay = new Set<ServerResponse>();

  const server = createServer(TIMEOUTS, (request, response) => {
    underWay.add(response);
    response.once('close', () => underWay.delete(response));
    withRequestId((requestId) => {
      response.setHeader('X-Request-Id', requestId);
      setSecurityHeaders(response);
      const refusal = refusalOf(request, guard);
      if (refusal) return sendText(response, 403, refusal);
      route(request, response).catch((error: unknown) => {
        if (error instanceof AccessError && !response.headersSent) sendAccessError(response, error);
        else fail(response, error, requestId, services);
      });
    });
  });
  const sockets = serveWebSockets(server, graphql, services, { guard, operations });
  server.listen(port, host);
  await once(server, 'listening');

  const address = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    async close() {
      server.close();
      const closed = Promise.all([once(server, 'close'), sockets.close()]);
      // A stream of events never ends by itself; its reader connects again and resumes.
      for (const response of underWay) if (isEventStream(response)) response.destroy();
      server.closeIdleConnections();
      await Promise.race([closed, delay(DRAIN_MS, undefined, { ref: false })]);
      sockets.terminate();
      server.closeAllConnections();
      await closed;
      await graphql.dispose();
    },
  };
}

async function openOperations({ services, webFolder }: ServerOptions): Promise<OperationList> {
  const isClosed = services.access.settings.operations === 'persisted';
  const ofApp = await readWebOperations(webFolder);
  if (isClosed && ofApp.length === 0)
    services.log.warn('the web app is not built, so the list of operations has none of its own: `npm start` builds it');
  return new OperationList([...ofApp, ...(isClosed ? await readClientOperations() : [])], isClosed);
}

type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

function router({ services, artifactFolder }: ServerOptions, graphql: GraphQLServer, web: StaticHandler): Route {
  return async (request, response) => {
    const url = urlOf(request);
    if (url === undefined) return sendText(response, 400, 'The address of the request cannot be read.');
    const { pathname } = url;
    if (AUTH_PATHS.test(pathname)) return answerAuth(request, response, url, services);
    if (pathname === '/graphql') return answerGraphQL(graphql, services, request, response);
    if (pathname.startsWith(`${REST_BASE}/`)) return answerRest(graphql, services, request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return sendText(response, 405, 'Only GET is served here; the API is at /graphql.');
    }
    if (pathname === '/healthz') return answerHealth(response);
    if (pathname === '/readyz') return answerReadiness(response, services.db);
    if (pathname === EXAMPLES_PATH && services.access.settings.graphiql) return answerExamples(response);
    if (services.access.settings.graphiql && pathname.startsWith(GRAPHIQL_ASSETS))
      return answerGraphiQLAsset(request, response, pathname.slice(GRAPHIQL_ASSETS.length));
    const artifact = /^\/artifacts\/([^/]+)$/.exec(pathname)?.[1];
    if (artifact !== undefined) {
      return answerArtifact(response, artifact, artifactFolder, services, await services.access.viewerOf(request));
    }
    const log = /^\/logs\/([^/]+)$/.exec(pathname)?.[1];
    if (log !== undefined) {
      return answerLog(request, response, log, services, await services.access.viewerOf(request));
    }
    return web(request, response, pathname);
  };
}

function urlOf({ url }: IncomingMessage): URL | undefined {
  return url !== undefined && URL.canParse(url, 'http://localhost') ? new URL(url, 'http://localhost') : undefined;
}

function isEventStream(response: ServerResponse): boolean {
  return String(response.getHeader('content-type') ?? '').startsWith('text/event-stream');
}

/** Nothing of the error leaves the process but the id under which it was logged. */
function fail(response: ServerResponse, error: unknown, requestId: string, { log }: Services): void {
  const gone =
    response.destroyed || (error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE');
  if (gone) return;
  log.error({ requestId, err: error }, 'unexpected error');
  if (response.headersSent) response.destroy();
  else sendText(response, 500, `Unexpected error; request id ${requestId}`);
}
