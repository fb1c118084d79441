import { Client, type Exchange, fetchExchange, subscriptionExchange } from '@urql/core';
import { subscribeResumably } from '../live/resume.ts';
import { socket } from '../live/socket.ts';
import { learnServerTime } from '../time/clock.ts';
import { byHash } from './by-hash.ts';
import { createCache } from './cache.ts';
import { askToSignIn } from './sign-in.ts';

/** Whose session has ended learns it by the next answer. */
async function fetchAndLearnTime(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  learnServerTime(response.headers.get('date'));
  if (response.status === 401) askToSignIn();
  return response;
}

const overSocket: Exchange = subscriptionExchange({
  forwardSubscription: (request) => ({
    subscribe: (sink) => ({
      unsubscribe: subscribeResumably(
        socket,
        { ...request, query: request.query ?? '' },
        {
          next: (result) => sink.next({ ...result, data: result.data }),
          error: (error) => sink.error(error),
          complete: () => sink.complete(),
        },
      ),
    }),
  }),
});

function createClient(exchanges: Exchange[]): Client {
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    fetch: fetchAndLearnTime,
    exchanges: [...exchanges, fetchExchange, overSocket],
  });
}

/** A client whose cache is its own. Everything that it brings goes through that cache. */
export function createCachedClient(): Client {
  return createClient([createCache(), ...byHash('typed')]);
}

/** What the screens use. */
export const client = createCachedClient();

/** For what must not be kept twice, above all log lines: the same endpoint without the cache. */
export const uncached = createClient(byHash('plain'));
