import type { ResultOf } from '../../app/graphql.ts';
import { ProgressBar } from '../../status/progress-bar.tsx';
import { JOB_LOOKS } from '../../status/tone.ts';
import type { JobRowFields } from './documents.ts';
import classes from './row.module.css';

type Job = Pick<ResultOf<typeof JobRowFields>, 'status' | 'progress' | 'error'>;

/** How far a job is, or why it is no further. */
export function RowProgress({ job }: { job: Job }) {
  const { completedSteps, totalSteps, percent, currentStep } = job.progress;
  const steps = (
    <span className={classes.count}>
      {completedSteps}/{totalSteps}
    </span>
  );
  switch (job.status) {
    case 'RUNNING':
    case 'WAITING':
    case 'PAUSED':
      return (
        <>
          <ProgressBar percent={percent} tone={JOB_LOOKS[job.status].tone} label="Progress of the job" width={84} />
          {steps}
          <span className={classes.note}>{currentStep?.name}</span>
        </>
      );
    case 'FAILED':
      return (
        <span className={classes.error} title={job.error?.message}>
          {job.error?.step && <span className="sb-mono">{job.error.step.key} </span>}
          {job.error?.message ?? 'failed'}
        </span>
      );
    case 'CREATED':
      return <span className={classes.note}>not started yet</span>;
    case 'QUEUED':
      return <span className={classes.note}>waits for a free worker</span>;
    case 'COMPLETED':
      return steps;
    case 'CANCELLED':
      return <span className={classes.note}>cancelled at {steps}</span>;
  }
}
