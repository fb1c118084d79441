import { type DocumentNode, Kind, print } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { TypedDocument } from './graphql.ts';
import { type LegEnd, readLeg, type SentResult } from './leg.ts';
import { problemOf } from './live-problem.ts';
import type { LiveSocket } from './live-socket.ts';
import { errorOf, SignalboxError } from './signalbox-error.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
const PATIENCE_MS = 5 * 60_000;

export interface SubscribeOptions {
  /** Ends the subscription; what iterates over it then ends without an error. */
  signal?: AbortSignal;
  /** How long a lost connection is tried again before the subscription fails as UNREACHABLE. 5 minutes unless told. */
  patienceMs?: number;
  /** Hears that the connection was lost, and that it is back. */
  onConnection?: (state: 'lost' | 'back') => void;
}

/**
 * The payloads of a subscription over as many connections as it takes. A document that has a variable `$after` and selects
 * `cursor` goes on behind its last payload: nothing is lost and nothing comes twice. Any other begins anew after a lost
 * connection, with the present state.
 */
export async function* subscribeResuming<Result, Variables extends object>(
  socket: LiveSocket,
  url: string,
  document: TypedDocument<Result, Variables>,
  variables: Variables,
  { onConnection, patienceMs = PATIENCE_MS, signal }: SubscribeOptions = {},
): AsyncGenerator<Result, void, void> {
  const query = print(document);
  const resumes = takesAfter(document);
  let after: unknown;
  let lost: { at: number; code: string } | undefined;
  let pause = FIRST_PAUSE_MS;
  const beBack = () => {
    if (lost) onConnection?.('back');
    lost = undefined;
  };
  // Nothing may come for long, but a connection that is there is not lost; an outage behind it is over when something comes.
  const stopListening = socket.client.on('connected', () => {
    if (lost?.code === 'UNREACHABLE') beBack();
  });
  try {
    while (!signal?.aborted) {
      const payload: SubscribePayload = {
        query,
        variables: { ...variables, ...(resumes && after !== undefined && { after }) },
      };
      const leg = readLeg(socket.client, payload, signal);
      let end: LegEnd;
      try {
        let next = await leg.next();
        for (; !next.done; next = await leg.next()) {
          const data = dataOf<Result>(next.value);
          beBack();
          pause = FIRST_PAUSE_MS;
          after = cursorOf(data) ?? after;
          yield data;
        }
        end = next.value;
      } catch (error) {
        if (!(error instanceof SignalboxError)) throw error;
        end = { error };
      } finally {
        await leg.return('complete');
      }
      if (end === 'behind') continue;
      if (end === 'complete') {
        if (!signal?.aborted) beBack();
        return;
      }
      const problem = problemOf(end.error, url);
      if (!socket.wasTaken() || !isPassing(problem)) throw problem;
      if (!lost) onConnection?.('lost');
      if (lost?.code !== problem.code) lost = { at: Date.now(), code: problem.code };
      if (Date.now() - lost.at > patienceMs) throw problem;
      await pauseFor(pause * (0.5 + Math.random()), signal);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  } finally {
    stopListening();
  }
}

/** Until the time is up, or there is no more reason to wait. */
function pauseFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

function takesAfter(document: DocumentNode): boolean {
  return document.definitions.some(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      definition.variableDefinitions?.some(({ variable }) => variable.name.value === 'after'),
  );
}

function dataOf<Result>({ data, errors }: SentResult): Result {
  if (errors) throw errorOf(errors);
  return data as Result;
}

/** A subscription has one field, and it carries the cursor. */
function cursorOf(data: unknown): string | undefined {
  const [field] = Object.values(data ?? {});
  return typeof field?.cursor === 'string' ? field.cursor : undefined;
}

function isPassing({ code }: SignalboxError): boolean {
  return code === 'UNREACHABLE' || code === 'UNAVAILABLE';
}
