/** Watchers of jobs in a process of their own, each on a socket of its own. They note when each state of a job came. */
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { wallClockMs } from '../measure/wall-clock.ts';
import { serveProgram } from './served.ts';

export type WatchersRequest =
  | { kind: 'open'; url: string; watches: { query: string; variables: object }[] }
  /** What came since it was asked the last time. */
  | { kind: 'take' };

/** `job/status/percent` and when it came. */
export type Heard = [state: string, at: number];

interface Update {
  jobUpdated: { job: { id: string; status: string; progress: { percent: number } } | null };
}

let heard: Heard[] = [];

function watch(url: string, { query, variables }: { query: string; variables: object }): Promise<void> {
  const client = createClient({ url, webSocketImpl: WebSocket, lazy: false, retryAttempts: 0 });
  return new Promise((resolve, reject) => {
    client.on('connected', () => resolve());
    client.subscribe<Update>(
      { query, variables: { ...variables } },
      {
        next: ({ data }) => {
          const job = data?.jobUpdated.job;
          if (job) heard.push([`${job.id}/${job.status}/${Math.round(job.progress.percent)}`, wallClockMs()]);
        },
        error: reject,
        complete: () => undefined,
      },
    );
  });
}

serveProgram(async (request: WatchersRequest): Promise<Heard[]> => {
  if (request.kind === 'open') {
    for (const one of request.watches) await watch(request.url, one);
    return [];
  }
  const taken = heard;
  heard = [];
  return taken;
});
