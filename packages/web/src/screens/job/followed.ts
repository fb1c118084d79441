import type { JobStatus } from '../../app/graphql.ts';
import { foldedInto, type RowStep } from '../../timeline/step-rows.ts';

interface Job {
  status: JobStatus;
  error: { step: { key: string } | null } | null;
  progress: { currentStep: { key: string } | null };
}

interface Step extends RowStep {
  startedAt: string | null;
}

/**
 * The step that a page shows by itself: the one that failed, else the one that runs, else the last that began, else
 * the first. Of many items that come and go it is the step that they belong to.
 */
export function followedStep(job: Job, steps: readonly Step[]): string | undefined {
  if (job.status === 'FAILED') {
    const culprit = job.error?.step?.key ?? steps.find(({ status }) => status === 'FAILED')?.key;
    if (culprit !== undefined) return culprit;
  }
  const current = job.progress.currentStep?.key;
  if (current !== undefined) return foldedInto(steps, current) ?? current;
  const busy = steps.find(({ status }) => status === 'RUNNING' || status === 'WAITING');
  const ended = steps.findLast(({ startedAt }) => startedAt !== null);
  return (busy ?? ended ?? steps[0])?.key;
}
