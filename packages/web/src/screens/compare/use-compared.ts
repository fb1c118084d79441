import type { CombinedError } from '@urql/core';
import { useEffect, useMemo, useState } from 'react';
import { useClient } from 'urql';
import { useStable } from '../../app/use-stable.ts';
import { type Compared, ComparedJob, ComparedJobUpdated } from './documents.ts';

interface Side {
  id: string;
  /** Null when there is no such job; undefined while it is not known. */
  job: Compared | null | undefined;
}

/** Some jobs at once, each live until it is final, when the server ends its stream. */
export function useCompared(ids: readonly string[]) {
  const client = useClient();
  const stable = useStable(ids);
  const [jobs, setJobs] = useState<ReadonlyMap<string, Compared | null>>(new Map());
  const [error, setError] = useState<CombinedError>();
  const [turn, setTurn] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a further turn reads again
  useEffect(() => {
    const set = (id: string, job: Compared | null) => setJobs((now) => new Map(now).set(id, job));
    const ends = stable.flatMap((id) => {
      const read = client.query(ComparedJob, { id }, { requestPolicy: 'network-only' }).subscribe((result) => {
        if (result.data) set(id, result.data.job);
        setError(result.error);
      });
      const told = client.subscription(ComparedJobUpdated, { id }).subscribe(({ data }) => {
        if (data?.jobUpdated.job) set(id, data.jobUpdated.job);
        else if (data?.jobUpdated.deletedId) set(id, null);
      });
      return [read, told];
    });
    return () => {
      for (const end of ends) end.unsubscribe();
    };
  }, [client, stable, turn]);

  const sides = useMemo(() => stable.map((id): Side => ({ id, job: jobs.get(id) })), [stable, jobs]);
  return { sides, error, retry: () => setTurn(turn + 1) };
}
