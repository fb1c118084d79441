import { Link } from 'react-router';
import type { ResultOf } from '../../app/graphql.ts';
import { formatCost } from '../../app/money.ts';
import { LightCopyButton } from '../../ids/light-copy-button.tsx';
import { shortId } from '../../ids/short-id.ts';
import { PRIORITY_WORDS } from '../../status/priority.ts';
import { JobStatusChip } from '../../status/status-chip.tsx';
import { Ago } from '../../time/ago.tsx';
import { Elapsed } from '../../time/elapsed.tsx';
import type { Column } from './columns.ts';
import type { JobRowFields } from './documents.ts';
import classes from './row.module.css';
import { RowProgress } from './row-progress.tsx';

interface Props {
  column: Column;
  job: ResultOf<typeof JobRowFields>;
  tabIndex: number;
}

/** What one column says about a job. */
export function Cell({ column, job, tabIndex }: Props) {
  switch (column) {
    case 'status':
      return <JobStatusChip {...job} />;
    case 'workflow':
      return (
        <>
          <Link
            tabIndex={tabIndex}
            className={classes.name}
            to={`/workflows/${job.workflow.slug}`}
            title={job.workflow.name}
          >
            {job.workflow.slug}
          </Link>
          {job.subject !== null && (
            <span className={classes.subject} title={job.subject}>
              {job.subject}
            </span>
          )}
        </>
      );
    case 'job':
      return (
        <>
          <Link tabIndex={tabIndex} to={`/jobs/${job.id}`} title={job.id} className={classes.id}>
            {shortId(job.id)}
          </Link>
          <LightCopyButton value={job.id} label="Copy the id" className={classes.copy} tabIndex={tabIndex} />
        </>
      );
    case 'priority':
      return PRIORITY_WORDS[job.priority];
    case 'labels':
      return job.labels.map((label) => (
        <span key={label} className={classes.label} title={label}>
          {label}
        </span>
      ));
    case 'progress':
      return <RowProgress job={job} />;
    case 'created':
      return <Ago at={job.createdAt} />;
    case 'started':
      return <Ago at={job.startedAt ?? job.createdAt} />;
    case 'ended':
      return job.completedAt === null ? '–' : <Ago at={job.completedAt} />;
    case 'duration':
      return <Elapsed of={job} running={job.status === 'RUNNING'} />;
    case 'cost':
      return formatCost(job.cost.microUsd);
  }
}
