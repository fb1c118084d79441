import { useEffect, useEffectEvent, useState } from 'react';
import { useClient } from 'urql';
import { useHeal } from '../live/use-heal.ts';
import { useLive } from '../live/use-live.ts';
import { graphql, type JobFilter, type JobStatus } from './graphql.ts';
import { useStable } from './use-stable.ts';

const JobCounts = graphql(`
  query JobCounts($filter: JobFilter) {
    jobCounts(filter: $filter) {
      status
      count
    }
  }
`);

const CountsUpdated = graphql(`
  subscription CountsUpdated($filter: JobFilter, $after: String) {
    countsUpdated(filter: $filter, after: $after) {
      cursor
      counts {
        status
        count
      }
    }
  }
`);

export type Counts = Partial<Record<JobStatus, number>>;

/**
 * How many jobs there are of each status, live; undefined until it is known. When the filter changes, the last one's
 * counts stay until the new ones are there.
 */
export function useJobCounts(filter?: JobFilter): Counts | undefined {
  const client = useClient();
  const stable = useStable(filter);
  const [counts, setCounts] = useState<Counts>();

  const take = (list: readonly { status: JobStatus; count: number }[]) =>
    setCounts(Object.fromEntries(list.map(({ status, count }) => [status, count])));

  const read = useEffectEvent(async (): Promise<void> => {
    const { data } = await client.query(JobCounts, { filter: stable }, { requestPolicy: 'network-only' });
    if (data) take(data.jobCounts);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter is counted anew
  useEffect(() => void read(), [stable]);
  // While live updates are cut off.
  useHeal(() => void read());
  useLive(CountsUpdated, { filter: stable }, ({ countsUpdated }) => take(countsUpdated.counts));
  return counts;
}

/** The jobs of some statuses together. */
export function sumOf(counts: Counts | undefined, statuses: readonly JobStatus[]): number | undefined {
  if (!counts) return undefined;
  return statuses.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
}
