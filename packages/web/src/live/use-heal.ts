import { useCallback, useEffect, useEffectEvent, useRef } from 'react';
import { useStore } from '../app/store.ts';
import { useAttention } from './attention.ts';
import { connection } from './connection.ts';

const REFRESH_EVERY = 5_000;
/** A short cut is healed by the subscriptions' cursors alone. */
const PATIENCE = 1_500;

/**
 * Keeps a view fresh where live updates do not: `refresh` runs every 5 s while the socket is down, and once when it
 * comes back or somebody looks at a page again that had been left alone. While something is `active`, so that news
 * are due, it also runs whenever nothing was heard for 5 s although the socket is up.
 *
 * @returns a function to call with every news
 */
export function useHeal(refresh: () => void, active = false): () => void {
  const attended = useAttention();
  const live = useStore(connection).state === 'live';
  const missed = useRef(false);
  const heardAt = useRef(0);
  const run = useEffectEvent(refresh);

  useEffect(() => {
    if (!attended) {
      missed.current = true;
      return;
    }
    if (live) return;
    let timer = setTimeout(function again() {
      missed.current = true;
      run();
      timer = setTimeout(again, REFRESH_EVERY);
    }, PATIENCE);
    return () => clearTimeout(timer);
  }, [attended, live]);

  useEffect(() => {
    if (!attended || !live || !missed.current) return;
    missed.current = false;
    run();
  }, [attended, live]);

  useEffect(() => {
    if (!attended || !live || !active) return;
    heardAt.current = performance.now();
    const timer = setInterval(() => {
      if (performance.now() - heardAt.current < REFRESH_EVERY) return;
      heardAt.current = performance.now();
      run();
    }, 1_000);
    return () => clearInterval(timer);
  }, [attended, live, active]);

  return useCallback(() => {
    heardAt.current = performance.now();
  }, []);
}
