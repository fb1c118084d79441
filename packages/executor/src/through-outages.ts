import { setTimeout as delay } from 'node:timers/promises';
import { backoffDelay } from '@signalbox/db/backoff';
import { isPassing } from '@signalbox/db/outage';

/**
 * Does the work again, with backoff, as long as the database is away; only for work that may be repeated when its outcome is
 * not known. Any other error is thrown on, and so is the outage once `abandon` is aborted.
 */
export async function throughOutages<T>(work: () => Promise<T>, abandon: AbortSignal): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || abandon.aborted) throw error;
      await delay(backoffDelay(failures), undefined, { signal: abandon }).catch(() => undefined);
    }
  }
}
