import type { JobStatus, StepStatus } from '../app/graphql.ts';

/** The families of colour that statuses have; each has a pair of tokens in tokens.css. */
export type Tone = 'queued' | 'running' | 'waiting' | 'completed' | 'failed' | 'cancelled' | 'skipped';
export type IconName = 'clock' | 'spinner' | 'hourglass' | 'pause' | 'check' | 'cross' | 'slash' | 'past' | 'circle';

export interface Look {
  tone: Tone;
  icon: IconName;
  word: string;
}

/** How each status of a job looks: colour, icon and word always go together. */
export const JOB_LOOKS: Record<JobStatus, Look> = {
  CREATED: { tone: 'queued', icon: 'clock', word: 'Created' },
  QUEUED: { tone: 'queued', icon: 'clock', word: 'Queued' },
  RUNNING: { tone: 'running', icon: 'spinner', word: 'Running' },
  WAITING: { tone: 'waiting', icon: 'hourglass', word: 'Waiting' },
  PAUSED: { tone: 'waiting', icon: 'pause', word: 'Paused' },
  COMPLETED: { tone: 'completed', icon: 'check', word: 'Completed' },
  FAILED: { tone: 'failed', icon: 'cross', word: 'Failed' },
  CANCELLED: { tone: 'cancelled', icon: 'slash', word: 'Cancelled' },
};

export const STEP_LOOKS: Record<StepStatus, Look> = {
  PENDING: { tone: 'queued', icon: 'clock', word: 'Pending' },
  RUNNING: { tone: 'running', icon: 'spinner', word: 'Running' },
  WAITING: { tone: 'waiting', icon: 'hourglass', word: 'Waiting' },
  COMPLETED: { tone: 'completed', icon: 'check', word: 'Completed' },
  FAILED: { tone: 'failed', icon: 'cross', word: 'Failed' },
  SKIPPED: { tone: 'skipped', icon: 'past', word: 'Skipped' },
  CANCELLED: { tone: 'cancelled', icon: 'slash', word: 'Cancelled' },
};

const CANCELLING: Look = { tone: 'cancelled', icon: 'spinner', word: 'Cancelling' };

const PAUSING: Look = { tone: 'waiting', icon: 'spinner', word: 'Pausing' };

/** When a cancel or a pause was asked for that may still be taking effect. */
export interface PendingMarks {
  cancelRequestedAt: string | null;
  pauseRequestedAt: string | null;
}

/** The look of a job, which shows a cancel or a pause that is still taking effect although the status has not changed yet. */
export function jobLook(status: JobStatus, { cancelRequestedAt, pauseRequestedAt }: PendingMarks): Look {
  if (isFinal(status)) return JOB_LOOKS[status];
  if (cancelRequestedAt !== null) return CANCELLING;
  return pauseRequestedAt === null ? JOB_LOOKS[status] : PAUSING;
}

/** Whether a status is one that nothing changes by itself any more. For showing only: what may be done comes from allowedActions. */
export function isFinal(status: JobStatus | StepStatus): boolean {
  return status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELLED' || status === 'SKIPPED';
}
