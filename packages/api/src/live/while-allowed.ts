import type { ExecutionResult } from 'graphql';
import type { ApiContext } from '../context.ts';

type Results = AsyncGenerator<ExecutionResult, void, void>;

/** The results for as long as their reader may read them. Then a last one says why nothing follows. */
export function whileAllowed(results: Results, { connection, services, viewer }: ApiContext): Results {
  if (viewer.credentialId === undefined || connection?.endsWithAccess) return results;
  let last: ExecutionResult | undefined;
  const stop = services.access.watch(viewer, (reason) => {
    stop();
    last = { errors: [reason.toGraphQLError()] };
    // Whoever waits for the next result is answered as at the end of the stream.
    void results.return();
  });
  const takeLast = (): IteratorResult<ExecutionResult, void> => {
    const value = last;
    last = undefined;
    return value ? { value, done: false } : { value: undefined, done: true };
  };
  const generator: Results = {
    async next() {
      if (last) return takeLast();
      const step = await results.next();
      if (!step.done && !last) return step;
      stop();
      return takeLast();
    },
    async return() {
      stop();
      return results.return();
    },
    async throw(error: unknown) {
      stop();
      return results.throw(error);
    },
    [Symbol.asyncIterator]: () => generator,
    [Symbol.asyncDispose]: async () => {
      await generator.return();
    },
  };
  return generator;
}
