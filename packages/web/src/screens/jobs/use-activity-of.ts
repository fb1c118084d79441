import { useEffect, useEffectEvent, useState } from 'react';
import { useClient } from 'urql';
import { graphql, type JobFilter, type ResultOf } from '../../app/graphql.ts';
import { useStable } from '../../app/use-stable.ts';
import { useActivityBeat } from '../../live/activity.ts';
import { serverNow } from '../../time/clock.ts';
import type { Period } from './period.ts';

const JobActivity = graphql(`
  query JobActivity($filter: JobFilter, $from: DateTime, $to: DateTime, $buckets: Int) {
    jobActivity(filter: $filter, from: $from, to: $to, buckets: $buckets) {
      from
      to
      total
      counts {
        status
        count
      }
    }
  }
`);

export type ActivityBucket = ResultOf<typeof JobActivity>['jobActivity'][number];

const HOUR = 3_600_000;

/**
 * How many jobs were made in each part of a period, by what became of them; live. The period moves on with time, by
 * whole bars. What was read last stays until there is something newer.
 */
export function useActivityOf(filter: JobFilter, periodAt: (now: number) => Period) {
  const client = useClient();
  const beat = useActivityBeat();
  const [, moveOn] = useState(0);
  const period = useStable(periodAt(serverNow()));
  const asked = useStable(filter);
  const [read, setRead] = useState<{ period: Period; buckets: readonly ActivityBucket[] }>();

  const refresh = useEffectEvent(async (isCurrent: () => boolean): Promise<void> => {
    const { data } = await client.query(
      JobActivity,
      {
        filter: asked,
        from: new Date(period.from).toISOString(),
        to: new Date(period.to).toISOString(),
        buckets: period.buckets,
      },
      { requestPolicy: 'network-only' },
    );
    if (data && isCurrent()) setRead({ period, buckets: data.jobActivity });
  });

  // A long period is a long read, and a job more or less does not show in it.
  const pace = period.to - period.from > 2 * HOUR ? 10 : 2;
  const turn = Math.floor(beat / pace);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of them means that something else is to be read
  useEffect(() => {
    let current = true;
    void refresh(() => current);
    return () => {
      current = false;
    };
  }, [period, asked, turn]);

  const length = (period.to - period.from) / period.buckets;
  useEffect(() => {
    if (period.each === undefined) return;
    const timer = setTimeout(() => moveOn((now) => now + 1), Math.max(500, Math.min(HOUR, period.to - serverNow())));
    return () => clearTimeout(timer);
  }, [period]);

  // Bars of another length would not fit under the edges.
  const fits = read !== undefined && (read.period.to - read.period.from) / read.period.buckets === length;
  return fits ? read : { period, buckets: undefined };
}
