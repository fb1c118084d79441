import { ScrollArea } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { formatKnownCost, missingCost } from '../../app/money.ts';
import { CopyButton } from '../../ids/copy-button.tsx';
import { shortId } from '../../ids/short-id.ts';
import { PRIORITY_WORDS } from '../../status/priority.ts';
import { JobStatusChip } from '../../status/status-chip.tsx';
import { isFinal } from '../../status/tone.ts';
import { formatDuration } from '../../time/duration.ts';
import { Elapsed } from '../../time/elapsed.tsx';
import { Exact } from '../../time/exact.tsx';
import classes from './info.module.css';
import { JsonSection } from './json-section.tsx';
import type { JobOnPage } from './use-job.ts';

/** What the job is: its facts, its input and its output. */
export function Info({ job }: { job: JobOnPage }) {
  return (
    <section className={classes.panel} aria-label="Job">
      <dl className={classes.facts}>
        <Facts job={job} />
      </dl>
      <JsonSection title="Input" value={job.input} />
      <JsonSection
        title="Output"
        value={job.output}
        absent={job.output === null && (isFinal(job.status) ? 'none' : 'when it ends')}
      />
    </section>
  );
}

/** The same folded into a strip, for screens without the room. */
export function InfoStrip({ job }: { job: JobOnPage }) {
  return (
    <details className={classes.strip}>
      <summary>
        Details
        <span className="sb-mute">
          {PRIORITY_WORDS[job.priority]} priority
          {job.subject !== null && ` · ${job.subject}`}
        </span>
      </summary>
      <ScrollArea.Autosize mah="45dvh">
        <div className={classes.wide}>
          <dl className={classes.facts}>
            <Facts job={job} />
          </dl>
          <div>
            <JsonSection title="Input" value={job.input} />
            <JsonSection title="Output" value={job.output} absent={job.output === null && 'none yet'} />
          </div>
        </div>
      </ScrollArea.Autosize>
    </details>
  );
}

function Facts({ job }: { job: JobOnPage }) {
  const execution = job.executions.at(-1);
  const tokens = Number(job.cost.inputTokens) + Number(job.cost.outputTokens);
  const origin = job.rerunOf ?? job.forkedFrom;
  return (
    <>
      <Fact name="Status">
        <JobStatusChip {...job} />
      </Fact>
      <Fact name="Id">
        <span className={`${classes.id} sb-mono`} title={job.id}>
          {shortId(job.id)}
        </span>
        <CopyButton value={job.id} label="Copy the id" />
      </Fact>
      <Fact name="Priority">{PRIORITY_WORDS[job.priority]}</Fact>
      <Fact name="Workflow">
        <Link className="sb-link" to={`/workflows/${job.workflow.slug}`} title={job.workflow.name}>
          <strong>{job.workflow.slug}</strong>
        </Link>{' '}
        <span className="sb-faint">v{job.workflowVersion}</span>
      </Fact>
      {job.subject !== null && <Fact name="Subject">{job.subject}</Fact>}
      {execution && (
        <Fact name="Worker">
          <span className="sb-mono">{execution.worker}</span>{' '}
          {job.executions.length > 1 && <span className="sb-faint">hold {job.executions.length}</span>}
        </Fact>
      )}
      <Fact name="Created">
        <Exact at={job.createdAt} />
      </Fact>
      {job.queuedAt !== null && job.startedAt !== null && (
        <Fact name="In queue">
          <span className="sb-number">{formatDuration(Date.parse(job.startedAt) - Date.parse(job.queuedAt))}</span>
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
      </Fact>
      {(Number(job.cost.microUsd) > 0 || tokens > 0) && (
        <Fact name="Cost">
          <span title={missingCost(job.cost)}>{formatKnownCost(job.cost)}</span>{' '}
          <span className="sb-faint">{tokens.toLocaleString('en')} tokens</span>
        </Fact>
      )}
      {execution && execution.peakMemoryBytes !== null && (
        <Fact name="Peak">
          {Math.round(Number(execution.peakMemoryBytes) / 1_000_000)} MB
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
      {origin && (
        <Fact name={job.rerunOf ? 'Re-run of' : 'Fork of'}>
          <Link className={`${classes.id} sb-link sb-mono`} to={`/jobs/${origin.id}`}>
            {shortId(origin.id)}
          </Link>
        </Fact>
      )}
      {job.parent && (
        <Fact name="Part of">
          <Link
            className={`${classes.id} sb-link sb-mono`}
            to={`/jobs/${job.parent.id}${job.parentStep ? `?step=${encodeURIComponent(job.parentStep.key)}` : ''}`}
          >
            {shortId(job.parent.id)}
          </Link>{' '}
          {job.parentStep && <span className="sb-faint">{job.parentStep.key}</span>}
        </Fact>
      )}
      {job.labels.length > 0 && (
        <Fact name="Labels">
          <span className={classes.labels}>
            {job.labels.map((label) => (
              <Link key={label} className={classes.label} to={`/jobs?label=${encodeURIComponent(label)}`}>
                {label}
              </Link>
            ))}
          </span>
        </Fact>
      )}
    </>
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
