/** Clients as they come from the registry, with what their own manuals show, against the running server. */
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type ApiFixture, createApiFixture } from './fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await createApiFixture();
});
afterAll(() => api.close());

interface Page {
  jobs: {
    totalCount: number;
    edges: { cursor: string; node: { id: string; status: string } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

const PAGE = `query Page($first: Int!, $after: String, $filter: JobFilter) {
  jobs(first: $first, after: $after, filter: $filter) {
    totalCount edges { cursor node { id status } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;
const WATCH = 'subscription Watch($id: ID) { jobUpdated(id: $id) { cursor deletedId job { id status } } }';

interface Watched {
  jobUpdated: { cursor: string; job: { id: string; status: string } | null };
}

const newJobs = (subject: string) => Promise.all(Array.from({ length: 5 }, () => api.newJob({ subject })));
const ids = ({ jobs }: Page) => jobs.edges.map(({ node }) => node.id);
const newestFirst = (all: string[]) => all.toSorted().reverse();
const wsClient = () => createWsClient({ url: api.wsUrl, webSocketImpl: WebSocket });

test('Apollo Client pages with relayStylePagination, and a subscription updates its cache', async () => {
  const made = await newJobs('apollo');
  const sockets = wsClient();
  const cache = new InMemoryCache({
    typePolicies: { Query: { fields: { jobs: relayStylePagination(['filter', 'orderBy']) } } },
  });
  const http = new ApolloClient({ link: new HttpLink({ uri: `${api.url}/graphql` }), cache });
  const live = new ApolloClient({ link: new GraphQLWsLink(sockets), cache });
  try {
    const wanted = { query: gql(PAGE), variables: { first: 2, filter: { subject: 'apollo' } } };
    const query = http.watchQuery<Page>(wanted);
    const subscription = query.subscribe({});
    let page = (await query.refetch()).data as Page;
    while (page.jobs.pageInfo.hasNextPage) {
      page = (await query.fetchMore({ variables: { after: page.jobs.pageInfo.endCursor } })).data as Page;
    }
    const cached = () => cache.readQuery<Page>(wanted);
    expect(ids(cached() as Page)).toEqual(newestFirst(made));
    const [job = ''] = made;
    const updates: string[] = [];
    const settled = new Promise<void>((resolve, reject) => {
      live.subscribe<Watched>({ query: gql(WATCH), variables: { id: job } }).subscribe({
        next: ({ data }) => {
          updates.push(data?.jobUpdated.job?.status ?? '');
          if (updates.length === 1) void api.worker.claim(job);
          if (updates.at(-1) === 'RUNNING') resolve();
        },
        error: reject,
      });
    });
    await settled;
    expect(updates).toEqual(['QUEUED', 'RUNNING']);
    expect(cached()?.jobs.edges.find(({ node }) => node.id === job)?.node.status).toBe('RUNNING');
    subscription.unsubscribe();
  } finally {
    http.stop();
    live.stop();
    await sockets.dispose();
  }
});

test('urql with graphcache pages with relayPagination, and a subscription updates its cache', async () => {
  const made = await newJobs('urql');
  const sockets = wsClient();
  const client = new Client({
    url: `${api.url}/graphql`,
    preferGetMethod: false,
    exchanges: [
      cacheExchange({
        keys: { JobUpdate: () => null },
        resolvers: { Query: { jobs: relayPagination() } },
      }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: sockets.subscribe(
              { query, variables: variables as Record<string, unknown> },
              {
                next: (result) => sink.next(result as Parameters<typeof sink.next>[0]),
                error: (error) => sink.error(error),
                complete: () => sink.complete(),
              },
            ),
          }),
        }),
      }),
    ],
  });
  try {
    const filter = { subject: 'urql' };
    let after: string | null = null;
    let all: Page | undefined;
    do {
      const result = await client.query<Page>(PAGE, { first: 2, after, filter }).toPromise();
      expect(result.error).toBeUndefined();
      all = result.data;
      after = all?.jobs.pageInfo.hasNextPage ? all.jobs.pageInfo.endCursor : null;
    } while (after !== null);
    expect(all && ids(all)).toEqual(newestFirst(made));
    const [job = ''] = made;
    const updates: string[] = [];
    await new Promise<void>((resolve) => {
      const { unsubscribe } = client.subscription<Watched>(WATCH, { id: job }).subscribe(({ data }) => {
        updates.push(data?.jobUpdated.job?.status ?? '');
        if (updates.length === 1) void api.worker.claim(job);
        if (updates.at(-1) !== 'RUNNING') return;
        unsubscribe();
        resolve();
      });
    });
    expect(updates).toEqual(['QUEUED', 'RUNNING']);
    const cached = client.readQuery<Page>(PAGE, { first: 2, filter, after: null });
    expect(cached?.data?.jobs.edges.find(({ node }) => node.id === job)?.node.status).toBe('RUNNING');
  } finally {
    await sockets.dispose();
  }
});

test.each(['graphql-ws', 'graphql-sse'])(
  '%s follows a log to its end, which completes the subscription',
  async (name) => {
    const id = await api.newJob();
    const held = await api.worker.claim(id);
    await api.worker.log(held, ['one', 'two']);
    const query = 'subscription ($id: ID!) { stepLogged(jobId: $id) { cursor lines { message } } }';
    interface Batch {
      stepLogged: { cursor: string; lines: { message: string }[] };
    }
    const client = name === 'graphql-ws' ? wsClient() : createSseClient({ url: `${api.url}/graphql` });
    const messages: string[] = [];
    try {
      for await (const { data, errors } of client.iterate<Batch>({ query, variables: { id } })) {
        expect(errors).toBeUndefined();
        messages.push(...(data?.stepLogged.lines.map(({ message }) => message) ?? []));
        if (messages.at(-1) !== 'two') continue;
        await api.worker.log(held, ['three']);
        await api.worker.settle(held, { status: 'COMPLETED', output: null, error: null });
      }
    } finally {
      await client.dispose();
    }
    expect(messages.slice(-3)).toEqual(['one', 'two', 'three']);
  },
);
