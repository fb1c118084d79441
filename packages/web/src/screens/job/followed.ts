import type { JobStatus, StepStatus } from '../../app/graphql.ts';

interface Job {
  status: JobStatus;
  error: { step: { key: string } | null } | null;
  progress: { currentStep: { key: string } | null };
}

/**
 * The step that a page shows by itself: the one that failed, else the one that runs, else the last that began, else the first.
 */
export function followedStep(
  job: Job,
  steps: readonly { key: string; status: StepStatus; startedAt: string | null }[],
): string | undefined {
  if (job.status === 'FAILED') {
    const culprit = job.error?.step?.key ?? steps.find(({ status }) => status === 'FAILED')?.key;
    if (culprit !== undefined) return culprit;
  }
  if (job.progress.currentStep) return job.progress.currentStep.key;
  const busy = steps.find(({ status }) => status === 'RUNNING' || status === 'WAITING');
  const ended = steps.findLast(({ startedAt }) => startedAt !== null);
  return (busy ?? ended ?? steps[0])?.key;
}
