/** A subscription as the manual of GraphQL Yoga shows it: an event for each line, executed for each subscriber. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { useServer as attach } from 'graphql-ws/use/ws';
import { createPubSub, createSchema, createYoga } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import type { LineServerRequest } from './line-server.ts';
import { produce } from './produced-line.ts';
import { openRawLog, type RawLine } from './raw-lines.ts';
import { serveProgram } from './served.ts';

const pubSub = createPubSub<{ line: [RawLine] }>();
const yoga = createYoga({
  logging: false,
  schema: createSchema({
    typeDefs: `
      type Query { ok: Boolean }
      type Line { seq: Int! at: String! level: String! stream: String! stepKey: String message: String! }
      type Subscription { lineLogged: Line! }`,
    resolvers: {
      Subscription: {
        lineLogged: { subscribe: () => pubSub.subscribe('line'), resolve: (line: RawLine) => line },
      },
    },
  }),
});
const http = createServer(yoga);
const server = new WebSocketServer({ server: http, path: '/graphql' });
attach(
  {
    execute: (args) => yoga.getEnveloped({}).execute(args),
    subscribe: (args) => yoga.getEnveloped({}).subscribe(args),
    onSubscribe: async (_context, _id, params) => {
      const { contextFactory, parse, schema, validate } = yoga.getEnveloped({ params });
      const document = parse(params.query);
      const errors = validate(schema, document);
      if (errors.length > 0) return errors;
      return { schema, document, contextValue: await contextFactory() };
    },
  },
  server,
  0,
);
let log: Awaited<ReturnType<typeof openRawLog>>;

serveProgram(async (request: LineServerRequest) => {
  if (request.kind === 'open') {
    log = await openRawLog(request.databaseUrl);
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    return (http.address() as AddressInfo).port;
  }
  await produce(request, async (texts, first) => {
    for (const line of await log.store(request.run, texts, first)) pubSub.publish('line', line);
  });
  return 0;
});
