import { UnstyledButton } from '@mantine/core';
import { Link } from 'react-router';
import { ACTION_WORDS, offered } from '../../actions/actions.ts';
import { useJobAction } from '../../actions/use-job-action.tsx';
import { shortId } from '../../ids/short-id.ts';
import { isFinal } from '../../status/tone.ts';
import type { JobOnPage, StepOnPage } from './on-page.ts';
import { useWhy } from './use-why.ts';
import classes from './wait-notice.module.css';
import { asksForDecision, waitWords } from './waits.ts';

interface Props {
  job: JobOnPage;
  steps: readonly StepOnPage[];
  onShow: (step: string) => void;
}

/** Why a job does not go on, before anything else: what somebody has to decide comes first. */
export function WaitNotice({ job, steps, onShow }: Props) {
  if (isFinal(job.status)) return null;
  const waiting = steps.filter((step) => step.status === 'WAITING' && waitWords(step) !== 'waits');
  const step = waiting.find(asksForDecision) ?? waiting[0];
  if (step && (job.status === 'WAITING' || asksForDecision(step))) {
    return <StepWaits step={step} others={waiting.length - 1} onShow={onShow} />;
  }
  return job.status === 'RUNNING' ? null : <JobWaits job={job} />;
}

function StepWaits({ step, others, onShow }: { step: StepOnPage; others: number; onShow: Props['onShow'] }) {
  const asks = asksForDecision(step);
  return (
    <div className={classes.notice} role="status">
      <p className={classes.title}>
        {step.name} <span className={classes.words}>{waitWords(step)}</span>
      </p>
      {asks && <p className={classes.message}>{step.approval?.message}</p>}
      <p className={classes.more}>
        {asks ? (
          <UnstyledButton className={classes.link} onClick={() => onShow(step.key)}>
            Decide
          </UnstyledButton>
        ) : (
          step.childJob && (
            <Link className={classes.link} to={`/jobs/${step.childJob.id}`}>
              Open the job {shortId(step.childJob.id)}
            </Link>
          )
        )}
        {others > 0 && ` ${others} more ${others === 1 ? 'step waits' : 'steps wait'}.`}
      </p>
    </div>
  );
}

/** What the job as a whole waits for, in the words of the server, with what ends it at a click. */
function JobWaits({ job }: { job: JobOnPage }) {
  const act = useJobAction();
  const wait = useWhy(job)?.waitingFor;
  // Who has only just been queued starts before anybody could read why not.
  if (!wait || wait.reason === 'TURN') return null;
  const way = offered(job).find((action) => action === 'START' || action === 'RESUME');
  return (
    <div className={classes.notice} role="status">
      <p className={classes.title}>{wait.message}</p>
      <p className={classes.more}>
        {way && (
          <UnstyledButton className={classes.link} onClick={() => act(way, job)}>
            {ACTION_WORDS[way].label}
          </UnstyledButton>
        )}
        {wait.jobs.slice(0, 3).map(({ id, workflow }) => (
          <Link key={id} className={classes.link} to={`/jobs/${id}`}>
            {workflow.slug} {shortId(id)}
          </Link>
        ))}
      </p>
    </div>
  );
}
