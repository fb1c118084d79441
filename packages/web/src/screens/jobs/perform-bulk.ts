import type { Client } from 'urql';
import { describeError, type Failure } from '../../app/failure.ts';
import type { JobFilter } from '../../app/graphql.ts';
import type { BulkAction, BulkScope } from './bulk.ts';
import { CancelJobs, DeleteJobs, RetryJobs } from './bulk-documents.ts';

/** As many jobs the server takes at once. */
const BATCH = 1_000;

export interface BulkDone {
  done: string[];
  /** Some of those that refused, and how many they are in all. */
  refused: { id: string; message: string }[];
  refusedCount: number;
  /** Jobs that match and were not tried. */
  remaining: number;
  /** Why it ended before its time. */
  failure: Failure | undefined;
}

interface Options {
  /** Told after each batch, with how many were done until then. */
  onProgress?: (done: number) => void;
  isStopped?: () => boolean;
}

interface Batch {
  ids?: string[];
  filter?: JobFilter;
  limit?: number;
}

/** Does it, a batch after the other where it is more than the server takes at once. */
export async function performBulk(
  client: Client,
  action: BulkAction,
  scope: BulkScope,
  { onProgress, isStopped = () => false }: Options = {},
): Promise<BulkDone> {
  const total: BulkDone = { done: [], refused: [], refusedCount: 0, remaining: 0, failure: undefined };
  const ids = 'ids' in scope ? [...scope.ids] : undefined;
  let more = true;
  while (more && !isStopped()) {
    const batch: Batch = 'ids' in scope ? { ids: ids?.splice(0, BATCH) ?? [] } : { filter: scope.filter, limit: BATCH };
    const { data, error } = await ask(client, action, batch);
    if (!data) {
      total.failure = describeError(error);
      break;
    }
    const { done, refused, refusedCount, remaining } = data.result;
    total.done.push(...done);
    total.refused.push(...refused.map((refusal) => ({ id: refusal.id, message: refusal.error.message })));
    total.refusedCount += refusedCount;
    total.remaining = ids ? ids.length : remaining;
    // A batch that refused as a whole would come again, for ever.
    more = total.remaining > 0 && (ids !== undefined || done.length > 0);
    if (more) onProgress?.(total.done.length);
  }
  return total;
}

function ask(client: Client, action: BulkAction, batch: Batch) {
  switch (action) {
    case 'RETRY':
      return client.mutation(RetryJobs, batch).toPromise();
    case 'DELETE':
      return client.mutation(DeleteJobs, batch).toPromise();
    default:
      return client.mutation(CancelJobs, { ...batch, force: action === 'FORCE_CANCEL' }).toPromise();
  }
}
