import { client } from '../app/client.ts';
import { graphql } from '../app/graphql.ts';
import { Store } from '../app/store.ts';
import { tellDone } from '../app/tell.tsx';
import { shortId } from '../ids/short-id.ts';
import { isFinal, JOB_LOOKS } from '../status/tone.ts';

const JobEnded = graphql(`
  subscription JobEnded($id: ID!, $after: String) {
    jobUpdated(id: $id, after: $after) {
      cursor
      job {
        id
        status
        workflow {
          id
          name
        }
      }
      deletedId
    }
  }
`);

const unwatch = new Map<string, () => void>();

/** The ids of the jobs whose end is told by the browser. */
export const watchedForEnd = new Store<ReadonlySet<string>>(new Set());

/**
 * Asks the browser to tell when a job ends, wherever the reader is by then: the subscription goes on while nobody looks
 * at the page. Resolves with whether the browser may.
 */
export async function tellEnd(id: string): Promise<boolean> {
  if (!('Notification' in window) || (await Notification.requestPermission()) !== 'granted') return false;
  if (unwatch.has(id)) return true;
  const { unsubscribe } = client.subscription(JobEnded, { id }).subscribe(({ data }) => {
    const job = data?.jobUpdated.job;
    if (data?.jobUpdated.deletedId != null) dontTellEnd(id);
    if (!job || !isFinal(job.status)) return;
    dontTellEnd(id);
    const { word } = JOB_LOOKS[job.status];
    const title = `${job.workflow.name}: ${word.toLowerCase()}`;
    try {
      const note = new Notification(title, { body: 'Click to see it.', tag: id });
      note.onclick = () => {
        window.focus();
        location.assign(`/jobs/${id}`);
      };
    } catch {
      // Chrome on Android has no notifications without a service worker, which it says only now.
      tellDone(title, `The job ${shortId(id)} has ended.`);
    }
  });
  unwatch.set(id, unsubscribe);
  watchedForEnd.set(new Set(unwatch.keys()));
  return true;
}

export function dontTellEnd(id: string): void {
  unwatch.get(id)?.();
  unwatch.delete(id);
  watchedForEnd.set(new Set(unwatch.keys()));
}
