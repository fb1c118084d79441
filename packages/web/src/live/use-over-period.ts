import type { CombinedError, TypedDocumentNode } from '@urql/core';
import { useEffect, useEffectEvent, useState } from 'react';
import { useClient } from 'urql';
import type { JobFilter } from '../app/graphql.ts';
import { useStable } from '../app/use-stable.ts';
import { serverNow } from '../time/clock.ts';
import type { Period } from '../time/period.ts';
import { useActivityBeat } from './activity.ts';

interface Variables {
  filter?: JobFilter | null;
  from?: string | null;
  to?: string | null;
  buckets?: number | null;
}

interface OverPeriod<Data> {
  /** The period that `data` is about; the one that is being read while there is none. */
  period: Period;
  data: Data | undefined;
  /** Whether `data` is of the present filter. Until that has been read, `data` is of the last one. */
  current: boolean;
  error: CombinedError | undefined;
  refresh: () => void;
}

const HOUR = 3_600_000;

/**
 * Something counted over a period that may end now: read again when jobs have changed, and when time has moved the
 * period on, which it does by whole parts. What was read last stays until there is something newer.
 */
export function useOverPeriod<Data>(
  document: TypedDocumentNode<Data, Variables>,
  filter: JobFilter,
  periodAt: (now: number) => Period,
): OverPeriod<Data> {
  const client = useClient();
  const beat = useActivityBeat();
  const [turn, setTurn] = useState(0);
  const period = useStable(periodAt(serverNow()));
  const asked = useStable(filter);
  const [read, setRead] = useState<{ period: Period; asked: JobFilter; data: Data }>();
  const [error, setError] = useState<CombinedError>();

  const run = useEffectEvent(async (isCurrent: () => boolean): Promise<void> => {
    const { from, to, buckets } = period;
    const result = await client.query(
      document,
      { filter: asked, from: new Date(from).toISOString(), to: new Date(to).toISOString(), buckets },
      { requestPolicy: 'network-only' },
    );
    if (!isCurrent()) return;
    if (result.data) setRead({ period, asked, data: result.data });
    setError(result.error);
  });

  // A long period is a long read, and a job more or less hardly shows in it.
  const slowed = Math.floor(beat / (period.to - period.from > 2 * HOUR ? 10 : 2));
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of them means that something else is to be read
  useEffect(() => {
    let current = true;
    void run(() => current);
    return () => {
      current = false;
    };
  }, [period, asked, slowed, turn]);

  useEffect(() => {
    if (period.each === undefined) return;
    const left = period.to - serverNow();
    const timer = setTimeout(() => setTurn((now) => now + 1), Math.min(HOUR, Math.max(500, left)));
    return () => clearTimeout(timer);
  }, [period]);

  // What was read of a period of another length says nothing about this one.
  const kept = read && read.period.to - read.period.from === period.to - period.from ? read : undefined;
  return {
    period: kept?.period ?? period,
    data: kept?.data,
    current: kept?.asked === asked,
    error,
    refresh: () => setTurn((now) => now + 1),
  };
}
