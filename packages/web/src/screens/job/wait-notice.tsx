import { UnstyledButton } from '@mantine/core';
import { Link } from 'react-router';
import { shortId } from '../../ids/short-id.ts';
import type { JobOnPage, StepOnPage } from './use-job.ts';
import classes from './wait-notice.module.css';
import { asksForDecision, waitWords } from './waits.ts';

interface Props {
  job: JobOnPage;
  steps: readonly StepOnPage[];
  onShow: (step: string) => void;
}

/** Why a job waits, before anything else: what somebody has to decide comes first. */
export function WaitNotice({ job, steps, onShow }: Props) {
  const waiting = steps.filter((step) => step.status === 'WAITING' && waitWords(step) !== 'waits');
  const step = waiting.find(asksForDecision) ?? waiting[0];
  if (!step || (job.status !== 'WAITING' && !asksForDecision(step))) return null;
  const asks = asksForDecision(step);
  const others = waiting.length - 1;
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
