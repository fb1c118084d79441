import type { JobStatus } from '../app/graphql.ts';
import classes from './status.module.css';
import { StatusIcon } from './status-icon.tsx';
import { jobLook, type Look, type PendingMarks } from './tone.ts';

/** A job's status as colour, icon and word. */
export function JobStatusChip({ status, cancelRequestedAt, pauseRequestedAt }: { status: JobStatus } & PendingMarks) {
  return <StatusChip look={jobLook(status, { cancelRequestedAt, pauseRequestedAt })} />;
}

export function StatusChip({ look }: { look: Look }) {
  return (
    <span className={classes.chip} data-tone={look.tone}>
      <StatusIcon icon={look.icon} />
      {look.word}
    </span>
  );
}

/** A step's status as a round icon; the word is there for screen readers. */
export function StatusBadge({ look }: { look: Look }) {
  return (
    <span className={classes.badge} data-tone={look.tone} title={look.word}>
      <StatusIcon icon={look.icon} />
      <span className="sb-hidden">{look.word}</span>
    </span>
  );
}
