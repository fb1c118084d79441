import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

const current = new AsyncLocalStorage<string>();

/** Everything that `work` starts belongs to one request. */
export function withRequestId<Result>(work: (requestId: string) => Result): Result {
  const requestId = randomUUID();
  return current.run(requestId, () => work(requestId));
}

/** The id of the request that is being answered; an id of its own for what belongs to no request, as an event of a subscription. */
export function currentRequestId(): string {
  return current.getStore() ?? randomUUID();
}
