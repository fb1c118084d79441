import { Skeleton } from '@mantine/core';
import { lazy, Suspense, useEffect } from 'react';
import { useNavigate, useParams } from 'react-router';
import { Failed } from '../../app/failed.tsx';
import { NotFound } from '../../app/not-found.tsx';
import { usePageTitle } from '../../app/page-title.ts';
import { rowNumbers } from '../../app/row-numbers.ts';
import { useStore } from '../../app/store.ts';
import { useKeys } from '../../app/use-keys.ts';
import { useStatusFavicon } from '../../status/status-favicon.ts';
import { JOB_LOOKS } from '../../status/tone.ts';
import { leftList } from '../jobs/left-list.ts';
import { again } from './again/again.ts';
import { useApprovalSoon } from './approval.tsx';
import { followedStep } from './followed.ts';
import { JobHeader } from './header.tsx';
import { Panels } from './panels.tsx';
import classes from './screen.module.css';
import { useJob } from './use-job.ts';
import { useJobView } from './view.ts';

const AgainDialog = lazy(() => import('./again/dialog.tsx'));

/** One job: what it is, its steps, and the step that matters. */
export function JobScreen() {
  const { id = '' } = useParams();
  // Another job is another page: nothing of the last one may be left.
  return <JobOf key={id} id={id} />;
}

function JobOf({ id }: { id: string }) {
  const navigate = useNavigate();
  const data = useJob(id);
  const { view, change } = useJobView();
  const { job, steps } = data;
  usePageTitle(job ? `${job.workflow.slug} ${JOB_LOOKS[job.status].word.toLowerCase()}` : 'Job');

  useApprovalSoon(steps);
  useStatusFavicon(job ? JOB_LOOKS[job.status].tone : undefined);
  const asked = useStore(again);
  useEffect(() => () => again.set(undefined), []);

  const selected = view.step ?? (job ? followedStep(job, steps) : undefined);

  function move(by: number) {
    const now = steps.findIndex(({ key }) => key === selected);
    const next = steps[Math.min(steps.length - 1, Math.max(0, now + by))];
    if (next) change({ step: next.key });
  }
  useKeys([
    ['j', () => move(1)],
    ['k', () => move(-1)],
    ['f', () => change({ step: undefined })],
    ['/', () => document.querySelector<HTMLElement>('[data-log-search] input, input[data-log-search]')?.focus()],
    ['Escape', () => void navigate(leftList())],
  ]);

  if (data.deleted) {
    return <NotFound title="This job was deleted">Its steps, its log and its results went with it.</NotFound>;
  }
  if (data.loading) return <Loading />;
  if (!job) {
    if (data.error) return <Failed page error={data.error} retry={data.refresh} />;
    return (
      <NotFound title="There is no such job">
        <span className="sb-mono">{id}</span> is not the id of a job, or the job was deleted.
      </NotFound>
    );
  }
  return (
    <div className={classes.screen}>
      <JobHeader job={job} selected={selected} />
      <Panels {...data} job={job} selected={selected} view={view} onChange={change} />
      <Suspense>{asked && <AgainDialog job={job} steps={steps} asked={asked} />}</Suspense>
    </div>
  );
}

function Loading() {
  return (
    <div className={classes.screen} role="status" aria-label="Loading the job">
      <div className={classes.loadingHead}>
        <Skeleton height={14} width={260} />
        <Skeleton height={22} width={92} />
      </div>
      <div className={classes.loadingBody}>
        {[6, 7, 9].map((rows) => (
          <div key={rows}>
            {rowNumbers(rows).map((row) => (
              <Skeleton key={row} height={10} my={18} width={`${55 + ((row * 29) % 40)}%`} />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
