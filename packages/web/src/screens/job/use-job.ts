import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useQuery } from 'urql';
import { useKept } from '../../app/use-kept.ts';
import { throttle } from '../../live/throttle.ts';
import { useHeal } from '../../live/use-heal.ts';
import { useLive } from '../../live/use-live.ts';
import { isFinal } from '../../status/tone.ts';
import { FEW_STEPS, JobPage, JobPageUpdated } from './documents.ts';
import { useSteps } from './use-steps.ts';

const REREAD_STEPS_EVERY = 1_000;

/** A job and its steps, live. */
export function useJob(id: string) {
  const [deleted, setDeleted] = useState(false);
  const [page, readPage] = useQuery({ query: JobPage, variables: { id }, requestPolicy: 'cache-and-network' });
  const known = useKept(page);
  const job = known?.job;
  const { pages, steps, total, complete } = useSteps(id);
  const few = Math.max(total, job?.progress.totalSteps ?? 0) <= FEW_STEPS;

  function refresh() {
    readPage({ requestPolicy: 'network-only' });
    void pages.load();
  }

  const rereadSoon = useRef<ReturnType<typeof throttle>>(undefined);
  useEffect(() => {
    const task = throttle(() => void pages.refresh(), REREAD_STEPS_EVERY);
    rereadSoon.current = task;
    return task.stop;
  }, [pages]);

  const final = job && isFinal(job.status);
  const heard = useHeal(refresh, final === false);
  useLive(
    JobPageUpdated,
    { id, allSteps: few },
    ({ jobUpdated }) => {
      heard();
      if (jobUpdated.deletedId !== null) setDeleted(true);
      const sent = jobUpdated.job?.steps;
      // Too many to be sent with every change are read again instead, where they can have changed.
      if (sent) pages.receive(sent);
      else rereadSoon.current?.();
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
    totalSteps: Math.max(total, job?.progress.totalSteps ?? 0),
    /** Whether all of the steps are known. */
    allSteps: complete,
  };
}
