import { Button, UnstyledButton } from '@mantine/core';
import { Link } from 'react-router';
import { useJobAction } from '../../actions/use-job-action.tsx';
import { again } from './again/again.ts';
import classes from './failure-alert.module.css';
import type { JobOnPage } from './on-page.ts';
import { ADVICE, type Remedy, remediesFor } from './remedy.ts';
import { useWhy } from './use-why.ts';

interface Props {
  job: JobOnPage;
  onShow: (step: string) => void;
}

/** Why a job failed, before anything else: what went wrong first, what can be done about it, and the buttons that do it. */
export function FailureAlert({ job, onShow }: Props) {
  if (job.status !== 'FAILED' || !job.error) return null;
  return <Alert job={job} onShow={onShow} />;
}

function Alert({ job, onShow }: Props) {
  const error = useWhy(job)?.rootCause ?? job.error;
  if (!error) return null;
  const { message, category, step } = error;
  return (
    <div className={classes.alert} role="alert">
      <p className={classes.title}>
        {step ? `${step.name} failed` : 'The job failed'}
        <span className={classes.category}>{category.toLowerCase().replaceAll('_', ' ')}</span>
        {step && (
          <UnstyledButton className={classes.link} onClick={() => onShow(step.key)}>
            Show the step
          </UnstyledButton>
        )}
      </p>
      <p className={classes.message}>{message}</p>
      <p className={classes.advice}>{ADVICE[category].words}</p>
      <div className={classes.remedies}>
        {remediesFor(category, job.allowedActions).map((remedy) => (
          <RemedyButton key={remedy} remedy={remedy} job={job} step={step?.key} />
        ))}
      </div>
    </div>
  );
}

function RemedyButton({ remedy, job, step }: { remedy: Remedy; job: JobOnPage; step: string | undefined }) {
  const act = useJobAction();
  switch (remedy) {
    case 'RESUME':
      return <Button onClick={() => act('RESUME', job)}>Go on from the failed step</Button>;
    case 'EDIT_INPUT':
      return <Button onClick={() => again.set({ mode: 'rerun' })}>Edit the input and re-run</Button>;
    case 'FORK':
      return <Button onClick={() => again.set({ mode: 'fork', step })}>Run again from a step…</Button>;
    case 'WORKFLOW':
      return (
        <Button component={Link} to={`/workflows/${job.workflow.slug}`}>
          Open the workflow
        </Button>
      );
  }
}
