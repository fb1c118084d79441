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
 */
export function useActivity(): void {
  useLive(AnyJobUpdated, {}, advance);
  useHeal(advance);
}

/** A number that grows, at most once a second, when any job changed: what depends on all jobs is read again then. */
export function useActivityBeat(): number {
  return useStore(beat);
}
