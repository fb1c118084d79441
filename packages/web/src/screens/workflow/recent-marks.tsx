import { Link } from 'react-router';
import type { JobStatus } from '../../app/graphql.ts';
import { jobLook } from '../../status/tone.ts';
import { formatExact } from '../../time/moment.ts';
import classes from './recent-marks.module.css';

interface Props {
  /** The newest first. */
  jobs: readonly {
    id: string;
    status: JobStatus;
    cancelRequestedAt: string | null;
    pauseRequestedAt: string | null;
    createdAt: string;
  }[];
}

/** How the last jobs went, one small mark each, the newest on the right; each opens its job. */
export function RecentMarks({ jobs }: Props) {
  return (
    <span className={classes.marks} role="group" aria-label="Latest jobs, the newest last">
      {jobs.toReversed().map((job) => {
        const { tone, word } = jobLook(job.status, job);
        const words = `${word}, ${formatExact(Date.parse(job.createdAt))}`;
        return (
          <Link key={job.id} to={`/jobs/${job.id}`} className={classes.mark} data-tone={tone} title={words}>
            <span className="sb-hidden">{words}</span>
          </Link>
        );
      })}
    </span>
  );
}
