import { useEffect, useEffectEvent, useMemo, useSyncExternalStore } from 'react';
import { useStable } from '../app/use-stable.ts';
import { useAttention } from '../live/attention.ts';
import { useHeal } from '../live/use-heal.ts';
import { jobLogSource } from './job-log-source.ts';
import type { LogSelection } from './line.ts';
import { LogStore } from './log-store.ts';

interface Options {
  /** How many lines are read at once. */
  page?: number;
  /** Whether lines may still be written: a log that had ended goes on when they may again. */
  live?: boolean;
  /** The number of the line to begin with; the end without it. */
  place?: number;
}

/** The log of a job, live while the component is there and somebody looks. */
export function useLog(jobId: string, selection: LogSelection, { page, live = false, place }: Options = {}) {
  const stable = useStable(selection);
  const attended = useAttention();
  const store = useMemo(() => new LogStore(jobLogSource(jobId, stable), { page }), [jobId, stable, page]);
  const start = useEffectEvent(() => void store.start(place));
  useEffect(() => {
    if (!attended) return;
    start();
    return () => store.stop();
  }, [store, attended]);
  useEffect(() => {
    if (attended && live) store.reopen();
  }, [store, attended, live]);
  useHeal(() => void store.catchUp());
  const state = useSyncExternalStore(store.subscribe, store.getState);
  return { store, state };
}
