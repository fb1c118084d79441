import { useState } from 'react';
import { Link } from 'react-router';
import { shortId } from '../../ids/short-id.ts';
import { JsonView } from '../../json/json-view.tsx';
import { readSource } from '../../source/read.ts';
import { JobStatusChip } from '../../status/status-chip.tsx';
import { StepTypeIcon } from '../../step-types/icon.tsx';
import { summaryOf } from '../../step-types/summary.ts';
import { useStepTypes } from '../../step-types/use-step-types.ts';
import { Ago } from '../../time/ago.tsx';
import { formatDuration } from '../../time/duration.ts';
import type { WorkflowOnPage } from './documents.ts';
import Drawing from './drawing.tsx';
import classes from './overview.module.css';

/** What a workflow does and how it does lately. In a file of its own: reading a source and drawing it take code. */
export default function Overview({ workflow }: { workflow: WorkflowOnPage }) {
  const { byType } = useStepTypes();
  const [selected, setSelected] = useState<string>();
  const steps = readSource(workflow.source)?.steps ?? [];
  const hasInput = Object.keys(workflow.inputSchema).some((name) => name !== 'type');
  return (
    <div className={classes.columns}>
      <section className={classes.card} aria-label="Drawing">
        <div className={classes.drawing}>
          <Drawing
            steps={steps}
            types={byType}
            selected={selected}
            onSelect={(key) => setSelected(key === selected ? undefined : key)}
          />
        </div>
      </section>
      <div className={classes.side}>
        <section className={classes.card}>
          <h2 className={classes.title}>Latest jobs</h2>
          {workflow.recentJobs.length === 0 ? (
            <p className={classes.none}>No job of it has been made yet.</p>
          ) : (
            <ul className={classes.jobs}>
              {workflow.recentJobs.slice(0, 6).map((job) => (
                <li key={job.id} className={classes.job}>
                  <JobStatusChip {...job} />
                  <Link to={`/jobs/${job.id}`} className={classes.jobName}>
                    {job.subject ?? <span className="sb-mono">{shortId(job.id)}</span>}
                  </Link>
                  <span className="sb-mute sb-number">{job.durationMs !== null && formatDuration(job.durationMs)}</span>
                  <span className="sb-mute">
                    <Ago at={job.createdAt} />
                  </span>
                </li>
              ))}
            </ul>
          )}
        </section>
        <section className={classes.card}>
          <h2 className={classes.title}>Steps</h2>
          <ol className={classes.steps}>
            {steps.map(({ key, name, type, needs, namesNeeds, condition, with: config }) => {
              const info = byType.get(type);
              const summary = summaryOf(config, info?.configSchema);
              return (
                <li key={key} className={classes.step} data-selected={key === selected || undefined}>
                  <span className={classes.icon} title={info?.title ?? type}>
                    <StepTypeIcon icon={info?.icon} />
                  </span>
                  <div className={classes.stepMain}>
                    <span className={classes.stepName}>{name ?? key}</span>{' '}
                    <span className="sb-mono sb-mute">{key}</span>
                    <span className={classes.note}>
                      {info?.title ?? type}
                      {summary !== '' && (
                        <>
                          {' · '}
                          <code className="sb-mono">{summary}</code>
                        </>
                      )}
                    </span>
                    {(namesNeeds || condition !== undefined) && (
                      <span className={classes.note}>
                        {namesNeeds && (needs.length === 0 ? 'starts at once' : `needs ${needs.join(', ')}`)}
                        {namesNeeds && condition !== undefined && ' · '}
                        {condition !== undefined && (
                          <>
                            only if <code className="sb-mono">{condition}</code>
                          </>
                        )}
                      </span>
                    )}
                  </div>
                </li>
              );
            })}
          </ol>
        </section>
        <section className={classes.card}>
          <h2 className={classes.title}>Input</h2>
          {hasInput ? (
            <div className={classes.padded}>
              <JsonView value={workflow.inputSchema} openTo={2} />
            </div>
          ) : (
            <p className={classes.none}>It asks for no input.</p>
          )}
        </section>
      </div>
    </div>
  );
}
