import type { FormattedExecutionResult } from 'graphql';
import type { Client, SubscribePayload } from 'graphql-ws';
import { backoff } from './backoff.ts';

interface Sink {
  next(result: FormattedExecutionResult): void;
  error(error: unknown): void;
  complete(): void;
}

/**
 * Subscribes over the socket and goes on after every cut where it was: the cursor of the last payload becomes the
 * `after` variable of the subscription that is sent next. The socket client sends the same payload object again when
 * it connects again, so that writing the variable is all it needs; a subscription that the server ended with a fatal
 * close code is started anew here.
 *
 * @returns a function that ends the subscription
 */
export function subscribeResumably(
  client: Pick<Client, 'subscribe'>,
  payload: SubscribePayload,
  sink: Sink,
): () => void {
  const variables: Record<string, unknown> = { ...payload.variables };
  const resumable: SubscribePayload = { ...payload, variables };
  let stopped = false;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dispose = () => {};

  function start() {
    dispose = client.subscribe<Record<string, unknown>, Record<string, unknown>>(resumable, {
      next: (result) => {
        failures = 0;
        const cursor = cursorOf(result);
        if (cursor !== undefined) variables.after = cursor;
        sink.next(result);
      },
      error: (error) => {
        if (stopped) return;
        // A list of errors is the server's verdict on the document; asking the same again would not change it.
        if (Array.isArray(error) && !(variables.after !== undefined && isBadCursor(error))) return sink.error(error);
        // The cursor is of no use any more, after the database was restored say: begin with the present state.
        if (Array.isArray(error)) delete variables.after;
        timer = setTimeout(start, backoff(failures++));
      },
      complete: () => {
        if (!stopped) sink.complete();
      },
    });
  }

  start();
  return () => {
    stopped = true;
    clearTimeout(timer);
    dispose();
  };
}

function isBadCursor(errors: readonly unknown[]): boolean {
  return errors.some((error) => {
    if (typeof error !== 'object' || error === null || !('extensions' in error)) return false;
    const { extensions } = error;
    return (
      typeof extensions === 'object' && extensions !== null && 'code' in extensions && extensions.code === 'BAD_CURSOR'
    );
  });
}

/** The cursor in a payload's only root field, as every subscription of the API has it. */
function cursorOf(result: { data?: unknown }): string | undefined {
  if (typeof result.data !== 'object' || result.data === null) return undefined;
  const root: unknown = Object.values(result.data)[0];
  if (typeof root !== 'object' || root === null || !('cursor' in root)) return undefined;
  return typeof root.cursor === 'string' ? root.cursor : undefined;
}
