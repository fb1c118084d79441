import type { JobAction } from '../app/graphql.ts';

/** The actions that the app has a button for; which of them a job allows now, the job itself says. */
export const OFFERED = [
  'START',
  'PAUSE',
  'RESUME',
  'RETRY',
  'CANCEL',
  'FORCE_CANCEL',
  'RERUN',
  'DELETE',
] as const satisfies readonly JobAction[];
export type OfferedAction = (typeof OFFERED)[number];

interface Words {
  /** On the button. */
  label: string;
  /** In the notification afterwards. */
  done: string;
  /** Asked before, when the action cannot be taken back. */
  question?: { title: string; text: string; confirm: string };
}

export const ACTION_WORDS: Record<OfferedAction, Words> = {
  START: { label: 'Start', done: 'Started' },
  PAUSE: { label: 'Pause', done: 'Pausing before its next step' },
  RESUME: { label: 'Resume', done: 'Resumed' },
  RETRY: { label: 'Retry', done: 'Queued again' },
  CANCEL: {
    label: 'Cancel',
    done: 'Cancelling',
    question: {
      title: 'Cancel this job?',
      text: 'What runs is asked to stop and is ended after a grace period. Steps that are done keep their output.',
      confirm: 'Cancel the job',
    },
  },
  FORCE_CANCEL: {
    label: 'Force cancel',
    done: 'Ending at once',
    question: {
      title: 'End this job at once?',
      text: 'What runs is killed without a chance to finish what it is writing.',
      confirm: 'End it now',
    },
  },
  RERUN: { label: 'Re-run', done: 'New job created' },
  DELETE: {
    label: 'Delete',
    done: 'Deleted',
    question: {
      title: 'Delete this job?',
      text: 'The job goes with its steps, its log and its results. This cannot be taken back.',
      confirm: 'Delete the job',
    },
  },
};

/**
 * Those of a job's allowed actions that the app offers, in the order of its menus. Force is the second step: it takes
 * the place of a cancel that was asked for and is still taking effect.
 */
export function offered(job: {
  allowedActions: readonly JobAction[];
  cancelRequestedAt: string | null;
}): OfferedAction[] {
  const pending = job.cancelRequestedAt !== null;
  return OFFERED.filter((action) => {
    if (action === 'CANCEL' && pending) return false;
    if (action === 'FORCE_CANCEL' && !pending) return false;
    return job.allowedActions.includes(action);
  });
}
