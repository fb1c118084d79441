import { Menu, UnstyledButton } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { PriorityItems } from '../../actions/priority-items.tsx';
import { formatKnownCost, missingCost } from '../../app/money.ts';
import { CopyButton } from '../../ids/copy-button.tsx';
import { shortId } from '../../ids/short-id.ts';
import { PRIORITY_WORDS } from '../../status/priority.ts';
import { JobStatusChip } from '../../status/status-chip.tsx';
import { formatDuration } from '../../time/duration.ts';
import { Elapsed } from '../../time/elapsed.tsx';
import { Exact } from '../../time/exact.tsx';
import { queueTime } from '../../time/queue-time.ts';
import { megabytes } from './executions.tsx';
import classes from './info.module.css';
import { LabelsField, SubjectField } from './note-fields.tsx';
import type { JobOnPage } from './on-page.ts';
import { useWhy } from './use-why.ts';

/** What there is to know of the job at a glance. */
export function Facts({ job }: { job: JobOnPage }) {
  const execution = job.executions.at(-1);
  const tokens = Number(job.cost.inputTokens) + Number(job.cost.outputTokens);
  const queued = queueTime(job);
  const usual = useWhy(job)?.usualDurationMs ?? null;
  return (
    <dl className={classes.facts}>
      <Fact name="Status">
        <JobStatusChip {...job} />
      </Fact>
      <Fact name="Id">
        <span className={`${classes.id} sb-mono`} title={job.id}>
          {shortId(job.id)}
        </span>
        <CopyButton value={job.id} label="Copy the id" />
      </Fact>
      <Fact name="Priority">
        <Priority job={job} />
      </Fact>
      <Fact name="Workflow">
        <Link className="sb-link" to={`/workflows/${job.workflow.slug}`} title={job.workflow.name}>
          <strong>{job.workflow.slug}</strong>
        </Link>{' '}
        <span className="sb-faint">v{job.workflowVersion}</span>
      </Fact>
      <Fact name="Subject">
        <SubjectField job={job} />
      </Fact>
      {execution && (
        <Fact name="Worker">
          <span className="sb-mono">{execution.worker}</span>{' '}
          {job.executions.length > 1 && <span className="sb-faint">hold {job.executions.length}</span>}
        </Fact>
      )}
      <Fact name="Created">
        <Exact at={job.createdAt} />
      </Fact>
      {queued !== undefined && (
        <Fact name="In queue">
          <span className="sb-number">{formatDuration(queued)}</span>
        </Fact>
      )}
      <Fact name="Started">
        <Exact at={job.startedAt} />
      </Fact>
      <Fact name="Completed">
        <Exact at={job.completedAt} />
      </Fact>
      <Fact name="Duration">
        <Elapsed of={job} running={job.status === 'RUNNING'} />
        {usual !== null && <span className="sb-faint">usually {formatDuration(usual)}</span>}
      </Fact>
      {(Number(job.cost.microUsd) > 0 || tokens > 0) && (
        <Fact name="Cost">
          <span title={missingCost(job.cost)}>{formatKnownCost(job.cost)}</span>{' '}
          <span className="sb-faint">{tokens.toLocaleString('en')} tokens</span>
        </Fact>
      )}
      {execution && execution.peakMemoryBytes !== null && (
        <Fact name="Peak">
          {megabytes(execution.peakMemoryBytes)}
          {execution.cpuMs !== null && `, ${formatDuration(Number(execution.cpuMs))} CPU`}
        </Fact>
      )}
      {job.schedule && (
        <Fact name="Made by">
          the schedule{' '}
          <Link className="sb-link" to={`/schedules?id=${job.schedule.id}`}>
            <strong>{job.schedule.name}</strong>
          </Link>
        </Fact>
      )}
      <Fact name="Labels">
        <LabelsField job={job} />
      </Fact>
    </dl>
  );
}

function Priority({ job }: { job: JobOnPage }) {
  if (!job.allowedActions.includes('SET_PRIORITY')) return PRIORITY_WORDS[job.priority];
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <UnstyledButton className={classes.choice}>
          {PRIORITY_WORDS[job.priority]} <IconChevronDown size={13} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <PriorityItems job={job} />
      </Menu.Dropdown>
    </Menu>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
