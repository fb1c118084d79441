import type { StepStatus } from '../../../app/graphql.ts';

interface Step {
  key: string;
  status: StepStatus;
  needs: readonly string[];
  itemIndex: number | null;
}

/**
 * The steps that a fork runs again: the one it begins with, those that had not completed, and what is behind any of
 * them. All others are taken over with their output.
 */
export function stepsThatRunAgain(steps: readonly Step[], from: string | undefined): ReadonlySet<string> {
  const own = steps.filter(({ itemIndex }) => itemIndex === null);
  const again = new Set(
    own
      .filter(({ key, status }) => key === from || (status !== 'COMPLETED' && status !== 'SKIPPED'))
      .map(({ key }) => key),
  );
  for (let before = -1; before !== again.size; ) {
    before = again.size;
    for (const { key, needs } of own) if (needs.some((need) => again.has(need))) again.add(key);
  }
  return again;
}
