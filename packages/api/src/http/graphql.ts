import type { IncomingMessage, ServerResponse } from 'node:http';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import { renewCookie } from '../auth/session-cookie.ts';
import { type ApiContext, createContext, type Services } from '../context.ts';
import { schema } from '../schema.ts';
import { sendGraphQLError } from './answer.ts';
import { compiledExecution } from './compiled-execution.ts';
import { answerGraphiQL, wantsGraphiQL } from './graphiql.ts';
import { maskError } from './masking.ts';
import { type OperationList, operationList } from './operation-list.ts';
import { documentCaches, queryLimits } from './query-limits.ts';
import { subscribeShared } from './shared-execution.ts';
import type { TransportContext } from './transport-context.ts';

export const MOST_BODY_BYTES = 1024 * 1024;

export type GraphQLServer = YogaServerInstance<TransportContext, ApiContext>;

function sharedSubscriptions(): Plugin {
  return {
    onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(subscribeShared),
  };
}

/** The GraphQL engine behind both transports. */
export function createGraphQLServer(services: Services, operations: OperationList): GraphQLServer {
  return createYoga<TransportContext, ApiContext>({
    schema,
    graphqlEndpoint: '/graphql',
    graphiql: false,
    landingPage: false,
    cors: false,
    multipart: false,
    batching: false,
    logging: false,
    maxRequestBodySize: MOST_BODY_BYTES,
    parserAndValidationCache: documentCaches,
    maskedErrors: { maskError: (error) => maskError(error, services.log) },
    plugins: [
      queryLimits({ introspection: services.access.settings.introspection }),
      operationList(operations),
      sharedSubscriptions(),
      compiledExecution(),
    ],
    context: ({ connection, res, viewer }) => {
      if (!viewer) throw new Error('a transport asked for nobody');
      return createContext(services, viewer, connection ?? { cut: () => res?.destroy() });
    },
  });
}

const JSON_TYPE = /^application\/json\s*(;|$)/i;

/** GraphQL over HTTP: GraphiQL for browsers, queries by GET or POST, subscriptions as server-sent events. */
export async function answerGraphQL(
  server: GraphQLServer,
  { access, db }: Services,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (access.settings.graphiql && wantsGraphiQL(request)) {
    await answerGraphiQL(request, response);
    return;
  }
  if (request.method !== 'GET' && request.method !== 'POST') {
    response.setHeader('Allow', 'GET, POST');
    sendGraphQLError(response, 405, 'METHOD_NOT_ALLOWED', 'Send GraphQL by POST with JSON, or a query by GET.');
    return;
  }
  const malformed = request.method === 'GET' ? malformedParameter(request.url) : undefined;
  if (malformed !== undefined) {
    sendGraphQLError(
      response,
      400,
      'BAD_REQUEST',
      `The parameter "${malformed}" of the URL must be an object in JSON.`,
    );
    return;
  }
  // Forms and plain text can be sent by any web page without asking; JSON cannot.
  if (request.method === 'POST' && !JSON_TYPE.test(request.headers['content-type'] ?? '')) {
    sendGraphQLError(
      response,
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      'Send the request as JSON, with the header "Content-Type: application/json".',
    );
    return;
  }
  const identity = await access.identify(request);
  await renewCookie(request, response, identity, db, access.settings);
  await server(request, response, { viewer: identity.viewer });
}

/** The engine reads these two from URLs without expecting that they may be anything else than JSON. */
function malformedParameter(url = ''): string | undefined {
  const parameters = new URLSearchParams(url.slice(url.indexOf('?') + 1));
  return ['variables', 'extensions'].find((name) => !isJson(parameters.get(name) || 'null'));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
