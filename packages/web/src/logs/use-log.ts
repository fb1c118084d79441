import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useAttention } from '../live/attention.ts';
import { jobLogSource } from './job-log-source.ts';
import type { LogSelection } from './line.ts';
import { LogStore } from './log-store.ts';

/**
 * The log of a job, live while the component is there and somebody looks.
 *
 * @param revision changes when a log that was complete may go on, as after a retry
 */
export function useLog(jobId: string, selection: LogSelection, { page, revision = 0 }: { page?: number; revision?: number } = {}) {
  const key = JSON.stringify([jobId, selection, page, revision]);
  const attended = useAttention();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for everything that the store is made of
  const store = useMemo(() => new LogStore(jobLogSource(jobId, selection), { page }), [key]);
  useEffect(() => {
    if (!attended) return;
    void store.start();
    return () => store.stop();
  }, [store, attended]);
  const state = useSyncExternalStore(store.subscribe, store.getState);
  return { store, state };
}
