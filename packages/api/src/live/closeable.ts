/**
 * An async generator that can be left while it waits. A plain one queues `return()` behind the pending `next()`, so that a
 * reader that goes away during a quiet time would stay subscribed for ever; here leaving aborts the signal first.
 */
export function closeable<Item>(
  start: (left: AbortSignal) => AsyncGenerator<Item, void, void>,
): AsyncGenerator<Item, void, void> {
  const controller = new AbortController();
  const inner = start(controller.signal);
  const generator: AsyncGenerator<Item, void, void> = {
    next: () => inner.next(),
    return: () => {
      controller.abort();
      return inner.return();
    },
    throw: (error: unknown) => {
      controller.abort();
      return inner.throw(error);
    },
    [Symbol.asyncIterator]: () => generator,
    [Symbol.asyncDispose]: async () => {
      await generator.return();
    },
  };
  return generator;
}
