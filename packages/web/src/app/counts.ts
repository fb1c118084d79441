import { useLatest } from '../live/use-latest.ts';
import { graphql, type JobFilter, type JobStatus, type ResultOf } from './graphql.ts';

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
  return useLatest({ filter }, [JobCounts, readCounts], [CountsUpdated, toldCounts]).state;
}

function readCounts({ jobCounts }: ResultOf<typeof JobCounts>): Counts {
  return byStatus(jobCounts);
}

function toldCounts({ countsUpdated }: ResultOf<typeof CountsUpdated>): Counts {
  return byStatus(countsUpdated.counts);
}

function byStatus(counts: readonly { status: JobStatus; count: number }[]): Counts {
  return Object.fromEntries(counts.map(({ status, count }) => [status, count]));
}

/** The jobs of some statuses together. */
export function sumOf(counts: Counts | undefined, statuses: readonly JobStatus[]): number | undefined {
  if (!counts) return undefined;
  return statuses.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
}
