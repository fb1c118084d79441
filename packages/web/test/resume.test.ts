import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  execute,
  GraphQLError,
  GraphQLInt,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  subscribe,
  validate,
} from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import { useServer as serve } from 'graphql-ws/use/ws';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { subscribeResumably } from '../src/live/resume.ts';

/** A counter that can be resumed, as the API's subscriptions can, over a server that cuts every socket after a few payloads. */
const Count = new GraphQLObjectType({
  name: 'Count',
  fields: { cursor: { type: GraphQLString }, value: { type: GraphQLInt } },
});
const LAST = 20;
const asked: (string | null)[] = [];
let cutAfter = Number.POSITIVE_INFINITY;
let closeCode = 1011;
let sockets = new Set<WebSocket>();

async function* count(after: string | null) {
  asked.push(after);
  if (after === 'c-forgotten')
    throw new GraphQLError('The cursor is not known.', { extensions: { code: 'BAD_CURSOR' } });
  let left = cutAfter;
  for (let value = Number(after?.slice(1) ?? 0) + 1; value <= LAST; value++) {
    if (left-- === 0) {
      for (const socket of sockets) socket.close(closeCode, 'cut by the test');
      return;
    }
    yield { counted: { cursor: `c${value}`, value } };
  }
}

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { nothing: { type: GraphQLInt } } }),
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: {
      counted: {
        type: Count,
        args: { after: { type: GraphQLString } },
        subscribe: (_root, { after }: { after: string | null }) => count(after ?? null),
      },
    },
  }),
});

const QUERY = 'subscription Counted($after: String) { counted(after: $after) { cursor value } }';
let server: Server;
let client: Client;

beforeEach(async () => {
  asked.length = 0;
  sockets = new Set();
  cutAfter = Number.POSITIVE_INFINITY;
  closeCode = 1011;
  server = createServer();
  const socketServer = new WebSocketServer({ server, path: '/graphql' });
  socketServer.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  // All from one copy of graphql: the test's, not the library's.
  serve({ schema, validate, execute, subscribe }, socketServer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  client = createClient({
    url: `ws://127.0.0.1:${port}/graphql`,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: async () => {},
  });
});

afterEach(async () => {
  await client.dispose();
  await new Promise((resolve) => server.close(resolve));
});

/** Subscribes until the counter is at its end, and gives back all that arrived. */
function countToTheEnd(variables: Record<string, unknown> = {}): Promise<number[]> {
  const values: number[] = [];
  return new Promise((resolve, reject) => {
    subscribeResumably(
      client,
      { query: QUERY, variables },
      {
        next: ({ data }) => {
          const { counted } = data as { counted: { value: number } };
          values.push(counted.value);
        },
        error: reject,
        complete: () => resolve(values),
      },
    );
  });
}

const everything = Array.from({ length: LAST }, (_, index) => index + 1);

test('a subscription that is cut again and again brings each payload once and in order', async () => {
  cutAfter = 3;
  expect(await countToTheEnd()).toEqual(everything);
  expect(asked).toEqual([null, 'c3', 'c6', 'c9', 'c12', 'c15', 'c18']);
});

test('a subscription goes on after a close that the socket client holds for fatal', async () => {
  cutAfter = 15;
  closeCode = 4500;
  expect(await countToTheEnd()).toEqual(everything);
  expect(asked).toEqual([null, 'c15']);
});

test('a cursor that the server does not know any more is dropped', async () => {
  expect(await countToTheEnd({ after: 'c-forgotten' })).toEqual(everything);
  expect(asked).toEqual(['c-forgotten', null]);
});

test('a document that the server refuses is not sent again', async () => {
  const refused = new Promise<unknown>((resolve) => {
    subscribeResumably(
      client,
      { query: 'subscription { nonsense }' },
      { next: () => {}, error: resolve, complete: () => resolve('complete') },
    );
  });
  expect(await refused).toMatchObject([{ message: expect.stringContaining('nonsense') }]);
});
