import type { FormattedExecutionResult } from 'graphql';
import type { Client, SubscribePayload } from 'graphql-ws';

/** Payloads that may wait for a reader. With more the subscription is let go, and goes on behind the last one once they are read. */
const MOST_WAITING = 200;

/** A payload as it was sent. */
export type SentResult = FormattedExecutionResult<Record<string, unknown>, unknown>;

/** How one connection's part of a subscription ended: by itself, since the reader fell behind, or with what went wrong. */
export type LegEnd = 'complete' | 'behind' | { error: unknown };

/** The payloads of a subscription for as long as one connection lasts. */
export async function* readLeg(
  client: Client,
  payload: SubscribePayload,
  signal: AbortSignal | undefined,
): AsyncGenerator<SentResult, LegEnd> {
  const waiting: SentResult[] = [];
  let end: LegEnd | undefined;
  let wake = () => {};
  const settle = (how: LegEnd) => {
    end ??= how;
    wake();
  };
  const stop = client.subscribe(payload, {
    next: (result) => {
      if (end) return;
      waiting.push(result);
      if (waiting.length >= MOST_WAITING) {
        settle('behind');
        stop();
      }
      wake();
    },
    error: (error) => settle({ error }),
    complete: () => settle('complete'),
  });
  const abort = () => {
    waiting.length = 0;
    settle('complete');
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    for (;;) {
      for (let next = waiting.shift(); next; next = waiting.shift()) yield next;
      if (end) return end;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal?.removeEventListener('abort', abort);
    stop();
  }
}
