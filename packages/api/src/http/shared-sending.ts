/**
 * Results of subscriptions go to their sockets from here: a result that many subscribers get is made a text once, and what is
 * written to each socket is that same memory with the subscriber's own id behind it.
 */
import type { ExecutionResult } from 'graphql';
import type { Extra } from 'graphql-ws/use/ws';

type Results = AsyncGenerator<ExecutionResult, void, void>;

/** A text without its end, which is the id. */
const texts = new WeakMap<ExecutionResult, Buffer>();

function textOf(result: ExecutionResult, shown: (result: ExecutionResult) => ExecutionResult): Buffer {
  const known = texts.get(result);
  if (known) return known;
  const text = Buffer.from(`{"type":"next","payload":${JSON.stringify(shown(result))},"id":`);
  texts.set(result, text);
  return text;
}

export interface SharedSending {
  id: string;
  extra: Extra;
  /** Whether the subscriber still wants it. */
  isWanted(): boolean;
  /** A result as clients may see it. */
  shown(result: ExecutionResult): ExecutionResult;
}

/** Sends the results; what is left to be read by the library is their end. Waits for the socket as the library does. */
export function sendingShared(results: Results, { extra, id, isWanted, shown }: SharedSending): Results {
  const end = Buffer.from(`${JSON.stringify(id)}}`);
  const sending: Results = {
    async next() {
      for (;;) {
        const step = await results.next();
        if (step.done) return step;
        if (isWanted()) await send(extra, [textOf(step.value, shown), end]);
      }
    },
    return: () => results.return(),
    throw: (error: unknown) => results.throw(error),
    [Symbol.asyncIterator]: () => sending,
    [Symbol.asyncDispose]: async () => {
      await results.return();
    },
  };
  return sending;
}

/** One message in two fragments, which go out in one write. */
function send({ request, socket }: Extra, [text, end]: [text: Buffer, end: Buffer]): Promise<void> {
  return new Promise((resolve, reject) => {
    if (socket.readyState !== socket.OPEN) return resolve();
    request.socket.cork();
    socket.send(text, { binary: false, fin: false });
    socket.send(end, { fin: true }, (error) => (error ? reject(error) : resolve()));
    request.socket.uncork();
  });
}
