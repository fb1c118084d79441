import { Link } from 'react-router';
import type { JobStatus } from '../../app/graphql.ts';
import { jobLook } from '../../status/tone.ts';
import { useClockText } from '../../time/clock.ts';
import { formatAgo } from '../../time/moment.ts';
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
      {jobs.toReversed().map((job) => (
        <Mark key={job.id} job={job} />
      ))}
    </span>
  );
}

function Mark({ job }: { job: Props['jobs'][number] }) {
  const { tone, word } = jobLook(job.status, job);
  const words = useClockText((now) => `${word}, ${formatAgo(Date.parse(job.createdAt), now)}`);
  return (
    <Link to={`/jobs/${job.id}`} className={classes.mark} data-tone={tone} title={words}>
      <span className="sb-hidden">{words}</span>
    </Link>
  );
}
