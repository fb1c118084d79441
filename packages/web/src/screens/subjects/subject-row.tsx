import { memo } from 'react';
import { Link } from 'react-router';
import { StatusBadge, StatusChip } from '../../status/status-chip.tsx';
import { jobLook } from '../../status/tone.ts';
import { Ago } from '../../time/ago.tsx';
import type { Stage, Subject } from './documents.ts';
import classes from './grid.module.css';
import { SUBJECT_LOOKS } from './looks.ts';

interface Props {
  subject: Subject;
  /** The columns, by slug. */
  workflows: readonly string[];
  index: number;
  /** Where it stands, in pixels from the first row. */
  offset: number;
  narrow: boolean;
}

/** One subject: how it stands in all, and in each workflow. */
export const SubjectRow = memo(function SubjectRow({ subject, workflows, index, offset, narrow }: Props) {
  const { name, status } = subject;
  const look = SUBJECT_LOOKS[status];
  const stages = new Map(subject.stages.map((stage) => [stage.workflow, stage]));
  return (
    <div className={classes.row} role="row" aria-rowindex={index + 2} style={{ transform: `translateY(${offset}px)` }}>
      <span role="rowheader" className={classes.first}>
        <span className={classes.status}>{narrow ? <StatusBadge look={look} /> : <StatusChip look={look} />}</span>
        <Link to={`/jobs?subject=${encodeURIComponent(name)}`} className={classes.name} title={name}>
          {name}
        </Link>
      </span>
      {workflows.map((slug) => (
        <span key={slug} role="cell" className={classes.cell}>
          <StageCell stage={stages.get(slug)} />
        </span>
      ))}
    </div>
  );
});

/** The newest job of a workflow about the subject. */
function StageCell({ stage }: { stage: Stage | undefined }) {
  const job = stage?.lastJob;
  if (!job) return <span className={classes.nothing} aria-label="Not run" role="img" />;
  return (
    <Link to={`/jobs/${job.id}`} className={classes.job}>
      <StatusBadge look={jobLook(job.status, job)} />
      <Ago at={job.completedAt ?? job.startedAt ?? job.createdAt} />
    </Link>
  );
}
