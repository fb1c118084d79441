import { type Client, createClient } from 'graphql-ws';
import { backoff } from './backoff.ts';
import { connection } from './connection.ts';

const PING_EVERY = 10_000;
const PONG_WITHIN = 5_000;

/** Ends the present wait for a new try to connect, if there is one. */
let stopWaiting: () => void = () => {};

/** Tries to connect at once rather than when the wait is over. */
export function reconnectNow(): void {
  stopWaiting();
}

function waitBeforeRetry(retries: number): Promise<void> {
  const wait = backoff(retries);
  connection.set(navigator.onLine ? { state: 'waiting', retryAt: Date.now() + wait } : { state: 'offline' });
  return new Promise((resolve) => {
    const timer = setTimeout(done, wait);
    function done() {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      stopWaiting = () => {};
      resolve();
    }
    stopWaiting = done;
    window.addEventListener('online', done);
  });
}

/**
 * The socket that all subscriptions share. It opens with the first of them, is closed a while after the last, pings to
 * notice a dead connection, and connects again for ever, waiting longer each time.
 */
function createSocket(): Client {
  let socket: WebSocket | undefined;
  let askedAt = 0;
  let overdue: ReturnType<typeof setTimeout> | undefined;
  return createClient({
    url: () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    lazyCloseTimeout: 3_000,
    keepAlive: PING_EVERY,
    connectionAckWaitTimeout: 10_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: waitBeforeRetry,
    on: {
      connecting: () => connection.set({ state: 'connecting' }),
      opened: (opened) => {
        socket = opened instanceof WebSocket ? opened : undefined;
        askedAt = performance.now();
      },
      connected: () => connection.set({ state: 'live', latencyMs: performance.now() - askedAt }),
      ping: (received) => {
        if (received) return;
        askedAt = performance.now();
        overdue = setTimeout(() => socket?.close(4408, 'No answer to a ping'), PONG_WITHIN);
      },
      pong: (received) => {
        if (!received) return;
        clearTimeout(overdue);
        connection.set({ state: 'live', latencyMs: performance.now() - askedAt });
      },
      closed: () => {
        clearTimeout(overdue);
        connection.set({ state: 'idle' });
      },
    },
  });
}

export const socket = createSocket();
