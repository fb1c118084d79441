/** GraphQL over WebSocket (graphql-transport-ws) on the port of the HTTP server. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import { handleProtocols } from 'graphql-ws';
import { useServer as attachGraphQL, type Extra } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { AccessError } from '../auth/access-error.ts';
import type { Viewer } from '../auth/viewer.ts';
import type { Connection, Services } from '../context.ts';
import { requestError } from '../request-error.ts';
import { type GraphQLServer, MOST_BODY_BYTES } from './graphql.ts';
import { type GuardLists, refusalOf } from './guard.ts';
import { maskError } from './masking.ts';
import type { OperationList } from './operation-list.ts';
import { objectionToText } from './query-limits.ts';
import { withRequestId } from './request-id.ts';
import { type SharedSending, sendingShared } from './shared-sending.ts';

/** The reader does not read. It may come back with its last cursor; clients see no fatal code in this and try again. */
const TOO_SLOW = 4290;
/** Who it is cannot be told, or not any more. Clients take this for fatal: to come back they have to show something else. */
const NOT_SIGNED_IN = 4401;
/** Not now. Clients try again. */
const TOO_MANY = 4403;
const MOST_SUBSCRIPTIONS = 200;
/** A socket that was closed and does not answer is dropped after this. */
const DROP_AFTER_MS = 5_000;

/** Who has opened a connection. */
type SignedIn = {
  viewer?: Viewer;
  stopWatching?: () => void;
};

export interface WebSocketTransport {
  /** Closes every socket with 1001, so that clients connect again elsewhere or later. Waits for their goodbyes. */
  close(): Promise<void>;
  /** Drops those that do not answer. */
  terminate(): void;
}

export function serveWebSockets(
  server: Server,
  graphql: GraphQLServer,
  services: Services,
  { guard, operations: list }: { guard: GuardLists; operations: OperationList },
): WebSocketTransport {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_BODY_BYTES, handleProtocols });
  // Each operation keeps the functions that belong to its own context, and where its results go.
  const operations = new WeakMap<
    object,
    { engine: ReturnType<GraphQLServer['getEnveloped']>; sending: SharedSending }
  >();

  const operationOf = (args: ExecutionArgs) => {
    const operation = operations.get(args);
    if (!operation) throw new Error('an operation is executed that was not looked at');
    return operation;
  };

  const transport = attachGraphQL<Record<string, unknown>, SignedIn>(
    {
      connectionInitWaitTimeout: 10_000,
      onConnect: async ({ connectionParams, extra }) => {
        try {
          const viewer = await services.access.viewerOf(extra.request, authorizationIn(connectionParams));
          extra.viewer = viewer;
          extra.stopWatching = services.access.watch(viewer, (reason) => turnAway(extra.socket, reason));
          // It may have closed meanwhile, and would be watched for ever.
          if (extra.socket.readyState !== extra.socket.OPEN) extra.stopWatching();
          return true;
        } catch (error) {
          if (!(error instanceof AccessError)) throw error;
          turnAway(extra.socket, error);
          return false;
        }
      },
      execute: (args: ExecutionArgs) => withRequestId(() => operationOf(args).engine.execute(args)),
      subscribe: (args: ExecutionArgs) =>
        withRequestId(async () => {
          const { engine, sending } = operationOf(args);
          const results = await engine.subscribe(args);
          return Symbol.asyncIterator in results ? sendingShared(results, sending) : results;
        }),
      onClose: ({ extra }) => extra.stopWatching?.(),
      onSubscribe: async ({ extra, subscriptions }, id, params) => {
        if (Object.keys(subscriptions).length > MOST_SUBSCRIPTIONS) {
          return [
            requestError(
              `A connection may have ${MOST_SUBSCRIPTIONS} operations at once. End some, or open another connection.`,
              'QUERY_TOO_LARGE',
            ),
          ];
        }
        const objection = objectionToText(params.query);
        if (objection) return [shown(objection)];
        const query = list.textOf(params, extra.viewer);
        if (query instanceof GraphQLError) return [shown(query)];
        const connection: Connection = {
          cut: () => cut(extra.socket, services),
          endsWithAccess: true,
        };
        try {
          if (extra.viewer) await services.access.count(extra.viewer);
          const engine = graphql.getEnveloped({ connection, params: { ...params, query }, viewer: extra.viewer });
          const document = engine.parse(query);
          const errors = engine.validate(engine.schema, document);
          if (errors.length > 0) return errors;
          const contextValue = await engine.contextFactory();
          const args = {
            schema: engine.schema,
            document,
            contextValue,
            operationName: params.operationName,
            variableValues: params.variables,
          };
          operations.set(args, {
            engine,
            sending: { extra, id, isWanted: () => id in subscriptions, shown: shownResult },
          });
          return args;
        } catch (error) {
          if (error instanceof AccessError) return [error.toGraphQLError()];
          return [shown(maskError(error, services.log))];
        }
      },
      onNext: (_context, _id, _payload, _args, result) => shownResult(result),
      onError: (_context, _id, _payload, errors) =>
        errors.map((error) => shown(maskError(error, services.log)).toJSON()),
    },
    sockets,
  );

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const refusal = refusalOf(request, guard);
    if (refusal) return refuse(socket, '403 Forbidden', refusal);
    if (request.url?.split('?')[0] !== '/graphql')
      return refuse(socket, '404 Not Found', 'WebSockets are served at /graphql.');
    sockets.handleUpgrade(request, socket, head, (client) => {
      sockets.emit('connection', client, request);
      // The library's own listener writes to the console; what a client sends wrongly is for the log, and closes only its socket.
      client.removeAllListeners('error');
      client.on('error', (error) => services.log.info({ err: error }, 'a WebSocket client broke the protocol'));
    });
  };
  server.on('upgrade', upgrade);

  return {
    async close() {
      server.off('upgrade', upgrade);
      for (const client of sockets.clients) client.close(1001, 'The service stops');
      await transport.dispose();
    },
    terminate() {
      for (const client of sockets.clients) client.terminate();
    },
  };
}

function cut(socket: Extra['socket'], { log }: Services): void {
  log.info('a reader that stopped reading was cut; it can resume');
  socket.close(TOO_SLOW, 'Too slow: connect again and resume with the last cursor');
  setTimeout(() => socket.terminate(), DROP_AFTER_MS).unref();
}

/** What a client sends along with its first message, as browsers cannot set headers of a WebSocket. */
function authorizationIn(params: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const [, value] = Object.entries(params ?? {}).find(([name]) => name.toLowerCase() === 'authorization') ?? [];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function turnAway(socket: Extra['socket'], { message, status }: AccessError): void {
  socket.close(status === 401 ? NOT_SIGNED_IN : TOO_MANY, closeReason(message));
  setTimeout(() => socket.terminate(), DROP_AFTER_MS).unref();
}

/** At most 123 bytes fit into a closing frame. */
function closeReason(message: string): string {
  return Buffer.from(message)
    .subarray(0, 123)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}

function refuse(socket: Duplex, status: string, reason: string): void {
  const body = `${reason}\n`;
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function shownResult(result: ExecutionResult): ExecutionResult {
  return result.errors ? { ...result, errors: result.errors.map(shown) } : result;
}

/** Without what only concerns HTTP. */
function shown(error: GraphQLError): GraphQLError {
  if (error.extensions.http === undefined) return error;
  const { http: _http, ...extensions } = error.extensions;
  const { nodes, source, positions, path } = error;
  return new GraphQLError(error.message, { nodes, source, positions, path, extensions });
}
