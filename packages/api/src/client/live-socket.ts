import { type Client, createClient } from 'graphql-ws';
import type { Endpoint } from './http.ts';

/** A connection that stays silent so long after a ping is dead, whatever the network says. */
const PING_EVERY_MS = 10_000;
const PONG_WITHIN_MS = 5_000;

export interface LiveSocket {
  client: Client;
  /** Whether the server has ever taken the connection: then it is worth trying again. */
  wasTaken(): boolean;
}

/** The one WebSocket that all subscriptions of a client share. It opens with the first of them and closes with the last. */
export function openLiveSocket({ token, url }: Endpoint): LiveSocket {
  let wasTaken = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    connectionParams: token === undefined ? undefined : { authorization: `Bearer ${token}` },
    lazy: true,
    // Who reads knows where to go on; repeating a subscription as it was would tell things twice.
    retryAttempts: 0,
    keepAlive: PING_EVERY_MS,
    on: {
      connected: () => {
        wasTaken = true;
      },
      ping: (received) => {
        if (!received) timer = setTimeout(() => client.terminate(), PONG_WITHIN_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(timer);
      },
      closed: () => clearTimeout(timer),
    },
  });
  return { client, wasTaken: () => wasTaken };
}
