import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import type { Json, JsonObject } from '@signalbox/core/json';
import type PrismaTypes from '@signalbox/db/generated/pothos';
import { getDatamodel } from '@signalbox/db/generated/pothos';
import type { Right } from './auth/viewer.ts';
import type { ApiContext } from './context.ts';
import { ForbiddenError } from './forbidden.ts';
import LoadedColumnsPlugin from './loaded-columns.ts';

export const builder = new SchemaBuilder<{
  Context: ApiContext;
  PrismaTypes: PrismaTypes;
  AuthScopes: { right: Right };
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    JSON: { Input: Json; Output: unknown };
    JSONObject: { Input: JsonObject; Output: unknown };
    BigInt: { Input: bigint; Output: bigint };
    JsonPointer: { Input: string; Output: string };
    /** Without a text when what was sent is none. */
    SecretText: { Input: { text?: string }; Output: never };
  };
}>({
  // Errors stand first, so that what the other plugins throw can become a member of a result union too.
  plugins: [ErrorsPlugin, ScopeAuthPlugin, ComplexityPlugin, RelayPlugin, LoadedColumnsPlugin, PrismaPlugin],
  defaultFieldNullability: false,
  scopeAuth: {
    authScopes: ({ viewer }) => ({ right: (right) => viewer.rights.has(right) }),
    authorizeOnSubscribe: true,
    unauthorizedError: (_root, _context, info) =>
      new ForbiddenError(
        `You may not use ${info.parentType.name}.${info.fieldName}: it needs more rights than you have.`,
      ),
  },
  // The limits are enforced once per operation, before execution, by http/query-cost.ts; fields only say what they cost.
  complexity: { disabled: true },
  prisma: {
    client: ({ services }) => services.db.prisma,
    dmmf: getDatamodel(),
  },
  relay: {
    encodeGlobalID: (_type, id) => String(id),
    decodeGlobalID: (id) => ({ typename: '', id }),
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    nodeTypeOptions: { description: 'Something that `node(id:)` finds by its id.' },
    idFieldOptions: { description: 'UUIDv7 of the row, unique over all types and usable as it is.' },
    pageInfoTypeOptions: { description: 'Where a page stands in its list.' },
    hasNextPageFieldOptions: { description: 'Whether the list goes on behind this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether something comes before this page.' },
    startCursorFieldOptions: { description: 'Cursor of the first item; null when the page is empty.' },
    endCursorFieldOptions: {
      description: 'Cursor of the last item; null when the page is empty. Pass it as `after` to go on.',
    },
  },
});

builder.queryType({
  description: 'Reading. Lists that can grow are connections; `first` defaults and maxima are told at each field.',
  authScopes: { right: 'read' },
});

builder.mutationType({
  description:
    'Changing. Expected failures are members of the result union, next to the thing itself; select `... on Error { message code }` to see any of them.',
});

builder.subscriptionType({
  description:
    'Watching, over WebSocket (graphql-transport-ws) or SSE. Every payload has a cursor: pass the last one as `after` to go on where a connection was cut, without loss. Of a reader that is slow nothing is lost and at most 1,000 events or 1 MiB wait in memory; one that stops reading for 5 seconds beyond that is cut (WebSocket close code 4290) and can resume with its last cursor. Whose token or session ends is told so within seconds: by close code 4401, or by a last payload with the error UNAUTHENTICATED.',
  authScopes: { right: 'read' },
});
