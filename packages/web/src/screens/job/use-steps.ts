import { useEffect, useMemo } from 'react';
import { uncached } from '../../app/client.ts';
import { useStore } from '../../app/store.ts';
import { JobSteps } from './documents.ts';
import { STEP_PAGE, StepPages } from './step-pages.ts';

/** The steps of a job, all of them, outside the cache: thousands of rows that change every second are not for it. */
export function useSteps(jobId: string) {
  const pages = useMemo(
    () =>
      new StepPages(async (after) => {
        const { data, error } = await uncached.query(JobSteps, { id: jobId, first: STEP_PAGE, after });
        const connection = data?.job?.stepsConnection;
        if (!connection) throw error ?? new Error('The job is not there.');
        return {
          steps: connection.edges.map(({ cursor, node }) => ({ cursor, step: node })),
          total: connection.totalCount,
          endCursor: connection.pageInfo.endCursor,
          hasMore: connection.pageInfo.hasNextPage,
        };
      }),
    [jobId],
  );
  useEffect(() => void pages.load(), [pages]);
  return { pages, ...useStore(pages) };
}
