/** Watches over streams: what their readers showed once may be revoked or end while they read. */
import type { Database } from '@signalbox/db/client';
import { readLiveCredentials } from '@signalbox/db/live-credentials';
import { Ticker } from '../live/ticker.ts';

const LOOK_EVERY_MS = 2_000;

export class LiveAccess {
  readonly #ends = new Map<string, Set<() => void>>();
  readonly #ticker: Ticker;

  constructor(db: Database, onError: (error: unknown) => void) {
    this.#ticker = new Ticker({
      pollMs: LOOK_EVERY_MS,
      onPoll: () => this.look(),
      onError,
      work: async () => {
        const watched = [...this.#ends.keys()];
        if (watched.length === 0) return;
        const live = await readLiveCredentials(db, watched);
        for (const id of watched) if (!live.has(id)) for (const end of this.#ends.get(id) ?? []) end();
      },
    });
  }

  /** Calls `end` once the token or session counts no more. The answer stops watching. */
  watch(credentialId: string, end: () => void): () => void {
    const ends = this.#ends.get(credentialId) ?? new Set();
    this.#ends.set(credentialId, ends.add(end));
    return () => {
      ends.delete(end);
      if (ends.size === 0 && this.#ends.get(credentialId) === ends) this.#ends.delete(credentialId);
    };
  }

  /** Something may have ended. */
  look(): void {
    if (this.#ends.size > 0) this.#ticker.wake();
  }

  close(): Promise<void> {
    return this.#ticker.close();
  }
}
