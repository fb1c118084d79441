import { Store, useStore } from '../app/store.ts';

/** How the socket for live updates does, for people to see. */
export type Connection =
  | { state: 'idle' }
  | { state: 'connecting' }
  /** How long the last ping took; undefined before the first one. */
  | { state: 'live'; latencyMs: number | undefined }
  /** Up, but a ping was not answered in time: nothing may be coming through. */
  | { state: 'silent' }
  /** Cut; the next try is at `retryAt`, a time of this machine's clock. */
  | { state: 'waiting'; retryAt: number }
  /** The browser says that there is no network. */
  | { state: 'offline' };

export const connection = new Store<Connection>({ state: 'idle' });

/** Whether what is shown may be older than it looks, since nothing comes through. */
export function useMayBeStale(): boolean {
  const { state } = useStore(connection);
  return state === 'silent' || state === 'waiting' || state === 'offline';
}
