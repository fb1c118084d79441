import { graphql } from '../app/graphql.ts';
import { Store, useStore } from '../app/store.ts';
import { throttle } from './throttle.ts';
import { useHeal } from './use-heal.ts';
import { useLive } from './use-live.ts';

const AnyJobUpdated = graphql(`
  subscription AnyJobUpdated($after: String) {
    jobUpdated(after: $after) {
      cursor
      job {
        id
        status
      }
      deletedId
    }
  }
`);

const beat = new Store(0);
const advance = throttle(() => beat.set(beat.get() + 1), 1_000);

/**
 * Watches all jobs for the whole page, with the smallest payload there is. Belongs into the shell, once.
 *
 * @param active whether any job runs or waits to run, so that news are due
 */
export function useActivity(active: boolean): void {
  const heard = useHeal(advance, active);
  useLive(AnyJobUpdated, {}, () => {
    heard();
    advance();
  });
}

/** A number that grows, at most once a second, when any job changed: what depends on all jobs is read again then. */
export function useActivityBeat(): number {
  return useStore(beat);
}
