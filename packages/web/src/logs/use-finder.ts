import { useEffect, useEffectEvent, useMemo } from 'react';
import { useStore } from '../app/store.ts';
import type { LogSelection } from './line.ts';
import { LogFinder } from './log-finder.ts';
import type { LogStore } from './log-store.ts';

/** Finds a text in a log and shows the log where it was found. */
export function useFinder(jobId: string, selection: LogSelection, search: string, store: LogStore) {
  const finder = useMemo(() => new LogFinder(jobId, selection), [jobId, selection]);
  const show = (line: number | undefined) => line !== undefined && void store.jumpTo(line);
  const begin = useEffectEvent((text: string) => void finder.search(text).then(show));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another finder begins anew
  useEffect(() => begin(search), [finder, search]);
  return {
    found: useStore(finder),
    go: (way: 'next' | 'previous') => void finder.go(way).then(show),
  };
}
