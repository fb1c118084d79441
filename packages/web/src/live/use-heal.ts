import { useEffect, useEffectEvent, useRef } from 'react';
import { useStore } from '../app/store.ts';
import { useAttention } from './attention.ts';
import { connection } from './connection.ts';

const REFRESH_EVERY = 5_000;
/** A short cut is healed by the subscriptions' cursors alone. */
const PATIENCE = 1_500;

/**
 * Keeps a view fresh while live updates do not arrive: `refresh` runs every 5 s while the socket is down, and once
 * when live updates come back or somebody looks at a page again that had been left alone.
 */
export function useHeal(refresh: () => void): void {
  const attended = useAttention();
  const live = useStore(connection).state === 'live';
  const missed = useRef(false);
  const run = useEffectEvent(refresh);

  useEffect(() => {
    if (!attended) {
      missed.current = true;
      return;
    }
    if (live) {
      if (missed.current) run();
      missed.current = false;
      return;
    }
    let timer = setTimeout(function again() {
      missed.current = true;
      run();
      timer = setTimeout(again, REFRESH_EVERY);
    }, PATIENCE);
    return () => clearTimeout(timer);
  }, [attended, live]);
}
