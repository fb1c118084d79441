import { useEffect, useEffectEvent } from 'react';
import { useQuery } from 'urql';
import { useActivityBeat } from '../live/activity.ts';
import { graphql, type JobFilter, type JobStatus } from './graphql.ts';
import { useKept } from './use-kept.ts';

const JobCounts = graphql(`
  query JobCounts($filter: JobFilter) {
    jobCounts(filter: $filter) {
      status
      count
    }
  }
`);

export type Counts = Partial<Record<JobStatus, number>>;

/** How many jobs there are of each status, live to a second; undefined until it is known. */
export function useJobCounts(filter?: JobFilter): Counts | undefined {
  const beat = useActivityBeat();
  const [result, execute] = useQuery({ query: JobCounts, variables: { filter }, requestPolicy: 'cache-and-network' });
  const refresh = useEffectEvent(() => execute({ requestPolicy: 'network-only' }));
  useEffect(() => {
    if (beat > 0) refresh();
  }, [beat]);
  const data = useKept(result);
  return data && Object.fromEntries(data.jobCounts.map(({ status, count }) => [status, count]));
}

/** The jobs of some statuses together. */
export function sumOf(counts: Counts | undefined, statuses: readonly JobStatus[]): number | undefined {
  if (!counts) return undefined;
  return statuses.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
}
