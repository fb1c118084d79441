import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { useQuery } from 'urql';
import type { ResultOf } from '../../app/graphql.ts';
import { useKept } from '../../app/use-kept.ts';
import { throttle } from '../../live/throttle.ts';
import { useHeal } from '../../live/use-heal.ts';
import { useLive } from '../../live/use-live.ts';
import { isFinal } from '../../status/tone.ts';
import { JobPage, JobPageUpdated, JobSteps, STEP_PAGE, type TimelineStep } from './documents.ts';

export type JobOnPage = NonNullable<ResultOf<typeof JobPage>['job']>;
export type StepOnPage = ResultOf<typeof TimelineStep>;

const REREAD_STEPS_EVERY = 1_000;

/** A job and its steps, live. */
export function useJob(id: string) {
  const [deleted, setDeleted] = useState(false);
  const [page, readPage] = useQuery({ query: JobPage, variables: { id }, requestPolicy: 'cache-and-network' });
  const [after, setAfter] = useState<string | null>(null);
  const [stepPages, readSteps] = useQuery({
    query: JobSteps,
    variables: { id, first: STEP_PAGE, after },
    requestPolicy: 'cache-and-network',
  });
  const known = useKept(page);
  const job = known?.job;
  const connection = useKept(stepPages)?.job?.stepsConnection;
  const steps = useMemo(() => connection?.edges.map(({ node }) => node) ?? [], [connection]);
  const few = (job?.progress.totalSteps ?? 0) <= STEP_PAGE;

  function refresh() {
    readPage({ requestPolicy: 'network-only' });
    readSteps({ requestPolicy: 'network-only' });
  }

  const rereadSteps = useEffectEvent(() => readSteps({ requestPolicy: 'network-only' }));
  const rereadSoon = useRef<ReturnType<typeof throttle>>(undefined);
  useEffect(() => {
    const task = throttle(() => rereadSteps(), REREAD_STEPS_EVERY);
    rereadSoon.current = task;
    return task.stop;
  }, []);

  const final = job && isFinal(job.status);
  const heard = useHeal(refresh, final === false);
  useLive(
    JobPageUpdated,
    { id, allSteps: few },
    ({ jobUpdated }) => {
      heard();
      if (jobUpdated.deletedId !== null) setDeleted(true);
      // Too many to be sent with every change: those that are shown are read again instead.
      if (!few) rereadSoon.current?.();
    },
    { pause: !job },
  );

  // Results are not part of the live payload, they can be large: read when there are any.
  const ran = useRef(false);
  const reread = useEffectEvent(refresh);
  useEffect(() => {
    if (final && ran.current) reread();
    ran.current = final === false;
  }, [final]);

  return {
    job,
    steps,
    deleted,
    /** Nothing is known yet. */
    loading: known === undefined && page.error === undefined,
    error: page.error,
    refresh,
    loadMoreSteps: connection?.pageInfo.hasNextPage ? () => setAfter(connection.pageInfo.endCursor) : undefined,
    totalSteps: connection?.totalCount ?? job?.progress.totalSteps ?? 0,
  };
}
