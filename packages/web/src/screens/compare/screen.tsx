import { Button, Checkbox, CloseButton, Skeleton } from '@mantine/core';
import { IconColumns } from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import { Failed } from '../../app/failed.tsx';
import { Message } from '../../app/message.tsx';
import { usePageTitle } from '../../app/page-title.ts';
import { shortId } from '../../ids/short-id.ts';
import { JobStatusChip } from '../../status/status-chip.tsx';
import classes from './compare.module.css';
import type { Compared } from './documents.ts';
import { FACTS } from './facts.tsx';
import { differ, readIds } from './rows.ts';
import { Steps } from './steps.tsx';
import { useCompared } from './use-compared.ts';
import { Values } from './values.tsx';

/** Several jobs side by side: what they were given, what came out, how long each step took and what it cost. */
export function CompareScreen() {
  usePageTitle('Compare jobs');
  const [params, setParams] = useSearchParams();
  const ids = readIds(params);
  const onlyDifferent = params.get('only') === 'different';
  const { sides, error, retry } = useCompared(ids);
  const jobs = sides.flatMap(({ job }) => job ?? []);
  const missing = sides.filter(({ job }) => job === null);

  function change(name: string, value: string | undefined): void {
    setParams((now) => {
      const next = new URLSearchParams(now);
      if (value === undefined) next.delete(name);
      else next.set(name, value);
      return next;
    });
  }

  if (ids.length === 0) {
    return (
      <Message
        page
        icon={<IconColumns size={24} />}
        title="Nothing to compare yet"
        actions={
          <Button component={Link} to="/jobs" variant="primary">
            All jobs
          </Button>
        }
      >
        Select two to six jobs in the list and choose Compare.
      </Message>
    );
  }
  if (error && jobs.length === 0) return <Failed page error={error} retry={retry} />;
  return (
    <div className={classes.screen}>
      <header className={classes.head}>
        <h1>Compare {ids.length === 1 ? 'a job' : `${ids.length} jobs`}</h1>
        <Checkbox
          size="xs"
          label="Only what differs"
          checked={onlyDifferent}
          onChange={(event) => change('only', event.currentTarget.checked ? 'different' : undefined)}
        />
      </header>
      {missing.map(({ id }) => (
        <p key={id} className={classes.missing} role="status">
          There is no job <span className="sb-mono">{shortId(id)}</span>, or it was deleted.
        </p>
      ))}
      {jobs.length === 0 && missing.length === 0 && <Skeleton height={420} />}
      {jobs.length > 0 && (
        <div className={classes.frame}>
          <table className={classes.table}>
            <thead>
              <tr>
                <td />
                {jobs.map((job) => (
                  <th key={job.id} scope="col">
                    <Head
                      job={job}
                      onRemove={() => change('ids', ids.filter((id) => id !== job.id).join(',') || undefined)}
                    />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {FACTS.map(({ label, show, same }) => {
                const differs = same !== undefined && differ(jobs.map(same));
                if (onlyDifferent && same !== undefined && !differs) return null;
                return (
                  <tr key={label} data-differs={differs || undefined}>
                    <th scope="row">{label}</th>
                    {jobs.map((job) => (
                      <td key={job.id}>{show(job)}</td>
                    ))}
                  </tr>
                );
              })}
            </tbody>
            <Steps jobs={jobs} onlyDifferent={onlyDifferent} />
            <Values title="Input" jobs={jobs} pick={({ input }) => input} onlyDifferent={onlyDifferent} />
            <Values
              title="Output"
              jobs={jobs}
              pick={({ output }) => output ?? undefined}
              onlyDifferent={onlyDifferent}
            />
          </table>
        </div>
      )}
    </div>
  );
}

function Head({ job, onRemove }: { job: Compared; onRemove: () => void }) {
  return (
    <span className={classes.job}>
      <JobStatusChip {...job} />
      <Link className={classes.name} to={`/jobs/${job.id}`}>
        {job.workflow.slug} <span className="sb-mono sb-mute">{shortId(job.id)}</span>
      </Link>
      <CloseButton size={20} aria-label={`Leave ${shortId(job.id)} out`} onClick={onRemove} />
    </span>
  );
}
