import { type Client, createClient, MessageType, stringifyMessage } from 'graphql-ws';
import { askToSignIn } from '../app/sign-in.ts';
import { backoff } from './backoff.ts';
import { connection } from './connection.ts';

/** What the server closes with when the session has ended. */
const NOT_SIGNED_IN = 4401;
const PING_EVERY = 1_200;
/** When no answer has come by then, people are told. */
const PONG_WITHIN = 1_500;
/** And by then it is given up. Not sooner: a machine that is busy for a while is no reason to begin anew. */
const GIVEN_UP_AFTER = 8_000;
/** While a page loads it has no time to answer: the first ping waits until that is over. */
const FIRST_PING_AFTER = 1_500;

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
  let hopeless: ReturnType<typeof setTimeout> | undefined;
  let firstPing: ReturnType<typeof setTimeout> | undefined;

  function expectPong() {
    askedAt = performance.now();
    stopExpecting();
    overdue = setTimeout(() => connection.set({ state: 'silent' }), PONG_WITHIN);
    hopeless = setTimeout(() => socket?.close(4408, 'No answer to a ping'), GIVEN_UP_AFTER);
  }

  function stopExpecting() {
    clearTimeout(overdue);
    clearTimeout(hopeless);
  }

  // The browser knows at once, the socket would only after a while.
  window.addEventListener('offline', () => socket?.close(4408, 'The browser has no network'));

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
      connected: (connected) => {
        socket = connected instanceof WebSocket ? connected : undefined;
        connection.set({ state: 'live', latencyMs: undefined });
        firstPing = setTimeout(() => {
          if (socket?.readyState !== WebSocket.OPEN) return;
          socket.send(stringifyMessage({ type: MessageType.Ping }));
          expectPong();
        }, FIRST_PING_AFTER);
      },
      ping: (received) => {
        if (!received) expectPong();
      },
      pong: (received) => {
        if (!received) return;
        stopExpecting();
        connection.set({ state: 'live', latencyMs: performance.now() - askedAt });
      },
      closed: (event) => {
        if (event instanceof CloseEvent && event.code === NOT_SIGNED_IN) askToSignIn();
        stopExpecting();
        clearTimeout(firstPing);
        // A try to connect that failed is told as closed after the wait for the next one has begun.
        const { state } = connection.get();
        if (state === 'live' || state === 'connecting' || state === 'silent') connection.set({ state: 'idle' });
      },
    },
  });
}

export const socket = createSocket();
