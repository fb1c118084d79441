import { UnstyledButton } from '@mantine/core';
import type { ErrorCategory } from '../../app/graphql.ts';
import classes from './failure-alert.module.css';
import type { JobOnPage } from './use-job.ts';

/** What a person can do about a failure of each kind. */
const ADVICE: Record<ErrorCategory, string> = {
  USER_INPUT: 'Check the input of the job and run it again.',
  CONFIGURATION: 'Check the workflow and the settings of the worker.',
  TIMEOUT: 'It took longer than allowed: raise the timeout of the step, or find what hangs.',
  CANCELLED: 'It was cancelled before it was done.',
  RATE_LIMIT: 'The other side asked to slow down: run it again later, or give the step a retry.',
  AUTH: 'The other side refused the credentials: check the secrets of the worker.',
  NETWORK: 'The other side could not be reached: run it again when it can.',
  PROCESS: 'The command ended with an error: its last lines in the log say why.',
  PLUGIN: 'The step type itself failed: see the log, and tell the plugin’s author.',
  WORKER_LOST: 'The worker vanished while it ran. Running it again is safe if the step can be repeated.',
  BUDGET: 'The step spent as much as it was allowed to.',
  INTERNAL: 'This should not have happened: the log of the worker has the details.',
};

/** Why a job failed, before anything else, with the way to the step that did it. */
export function FailureAlert({ job, onShow }: { job: JobOnPage; onShow: (step: string) => void }) {
  if (job.status !== 'FAILED' || !job.error) return null;
  const { message, category, step } = job.error;
  return (
    <div className={classes.alert} role="alert">
      <p className={classes.title}>
        {step ? `${step.name} failed` : 'The job failed'}
        <span className={classes.category}>{category.toLowerCase().replaceAll('_', ' ')}</span>
      </p>
      <p className={classes.message}>{message}</p>
      <p className={classes.advice}>
        {ADVICE[category]}
        {step && (
          <UnstyledButton className={classes.link} onClick={() => onShow(step.key)}>
            Show the step
          </UnstyledButton>
        )}
      </p>
    </div>
  );
}
