import { setTimeout as delay } from 'node:timers/promises';
import { backoffDelay } from '@signalbox/db/backoff';
import { isDatabaseOutage } from '../database-outage.ts';

const LONGEST_WAIT_MS = 15_000;

/**
 * Reads for a subscriber: what it is about to be told has happened and must not be lost because the database was away for a
 * moment. Tries again during an outage, for 15 s at most; then the failure is thrown.
 */
export async function throughOutage<T>(read: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + LONGEST_WAIT_MS;
  for (let failures = 0; ; failures += 1) {
    try {
      return await read();
    } catch (error) {
      if (!isDatabaseOutage(error) || Date.now() > deadline) throw error;
      await delay(backoffDelay(failures));
    }
  }
}
