import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { uncached } from '../../app/client.ts';
import { throttle } from '../../live/throttle.ts';
import type { TimedAttempt } from '../../timeline/time-parts.ts';
import { StepTries } from './documents.ts';
import type { StepOnPage } from './on-page.ts';
import { STEP_PAGE } from './step-pages.ts';

export type Tries = ReadonlyMap<string, readonly TimedAttempt[]>;

const REREAD_EVERY = 1_000;

/** The tries of all steps, by the ids of the steps; read again, at most once a second, when a step has moved on. */
export function useTries(jobId: string, steps: readonly StepOnPage[]): Tries {
  const [tries, setTries] = useState<Tries>(new Map());
  const moved = steps.map(({ status, attemptNumber }) => `${status[0]}${attemptNumber}`).join();
  const reread = useRef<() => void>(undefined);

  useEffect(() => {
    let stopped = false;
    async function read() {
      const found = await readTries(jobId);
      if (found && !stopped) setTries(found);
    }
    const task = throttle(() => void read(), REREAD_EVERY);
    reread.current = task;
    return () => {
      stopped = true;
      task.stop();
    };
  }, [jobId]);

  const read = useEffectEvent(() => reread.current?.());
  useEffect(() => {
    if (moved !== '') read();
  }, [moved]);
  return tries;
}

/** Undefined when it could not be read: what is known is good enough until the next time. */
async function readTries(jobId: string): Promise<Tries | undefined> {
  const tries = new Map<string, readonly TimedAttempt[]>();
  for (let after: string | null = null, more = true; more; ) {
    const connection = await readPage(jobId, after);
    if (!connection) return undefined;
    for (const { node } of connection.edges) tries.set(node.id, node.attempts);
    after = connection.pageInfo.endCursor;
    more = connection.pageInfo.hasNextPage;
  }
  return tries;
}

async function readPage(id: string, after: string | null) {
  const { data } = await uncached.query(StepTries, { id, first: STEP_PAGE, after });
  return data?.job?.stepsConnection;
}
