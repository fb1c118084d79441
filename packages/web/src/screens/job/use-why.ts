import { useEffect, useEffectEvent } from 'react';
import { useQuery } from 'urql';
import { isFinal } from '../../status/tone.ts';
import { JobWhy } from './documents.ts';
import type { JobOnPage } from './on-page.ts';

/** What holds a job up changes with other jobs, of which its own changes tell nothing. */
const REREAD_EVERY = 4_000;

/** Why the job does not run, or what made it fail; with what is usual for its workflow. */
export function useWhy({ id, status, updatedAt }: Pick<JobOnPage, 'id' | 'status' | 'updatedAt'>) {
  const [{ data }, read] = useQuery({ query: JobWhy, variables: { id }, requestPolicy: 'cache-and-network' });
  const stands = !isFinal(status) && status !== 'RUNNING';
  const reread = useEffectEvent(() => read({ requestPolicy: 'network-only' }));
  const moved = stands ? updatedAt : status;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever moved, the reason may be another
  useEffect(() => {
    reread();
    if (!stands) return;
    const timer = setInterval(() => document.visibilityState === 'visible' && reread(), REREAD_EVERY);
    return () => clearInterval(timer);
  }, [stands, moved]);
  return data?.job ?? undefined;
}
