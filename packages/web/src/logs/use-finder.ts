import { useEffect, useEffectEvent, useMemo } from 'react';
import { useStore } from '../app/store.ts';
import type { LogSelection } from './line.ts';
import { LogFinder } from './log-finder.ts';
import type { LogStore } from './log-store.ts';

/** What was not found is looked for again while lines arrive, at most this often. */
const LOOK_AGAIN_AFTER = 1_000;

interface Reader {
  /** The last line that is known of. */
  lastSeq: number;
  /** Whether the end is followed. */
  atEnd: boolean;
}

/** Finds a text in a log and shows the log where it was found. */
export function useFinder(
  jobId: string,
  selection: LogSelection,
  search: string,
  store: LogStore,
  { lastSeq, atEnd }: Reader,
) {
  const finder = useMemo(() => new LogFinder(jobId, selection), [jobId, selection]);
  const found = useStore(finder);
  const show = (line: number | undefined) => line !== undefined && void store.jumpTo(line);
  const begin = useEffectEvent((text: string) => void finder.search(text, lastSeq).then(show));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another finder begins anew
  useEffect(() => begin(search), [finder, search]);

  const missed = found.search !== '' && !found.busy && found.line === undefined && lastSeq > found.upTo;
  // Who has scrolled elsewhere meanwhile is told that there is something now, and stays.
  const showLate = useEffectEvent((line: number | undefined) => atEnd && show(line));
  const lookAgain = useEffectEvent(() => void finder.go('previous', lastSeq).then(showLate));
  useEffect(() => {
    if (!missed) return;
    const timer = setTimeout(() => lookAgain(), LOOK_AGAIN_AFTER);
    return () => clearTimeout(timer);
  }, [missed]);

  return {
    found,
    go: (way: 'next' | 'previous') => void finder.go(way, lastSeq).then(show),
  };
}
