/** The closed lists that every floor shares. Their meaning is drawn in lifecycle.ts. */

export const JOB_STATUSES = [
  'CREATED',
  'QUEUED',
  'RUNNING',
  'WAITING',
  'PAUSED',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export const STEP_STATUSES = ['PENDING', 'RUNNING', 'WAITING', 'COMPLETED', 'FAILED', 'SKIPPED', 'CANCELLED'] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

export const JOB_PRIORITIES = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;
export type JobPriority = (typeof JOB_PRIORITIES)[number];

export const LOG_LEVELS = ['DEBUG', 'INFO', 'PROGRESS', 'SUCCESS', 'WARNING', 'ERROR'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const LOG_STREAMS = ['STDOUT', 'STDERR', 'SYSTEM'] as const;
export type LogStream = (typeof LOG_STREAMS)[number];

export const ERROR_CATEGORIES = [
  'USER_INPUT',
  'CONFIGURATION',
  'TIMEOUT',
  'CANCELLED',
  'RATE_LIMIT',
  'AUTH',
  'NETWORK',
  'PROCESS',
  'PLUGIN',
  'WORKER_LOST',
  'BUDGET',
  'INTERNAL',
] as const;
export type ErrorCategory = (typeof ERROR_CATEGORIES)[number];

export const JOB_ACTIONS = [
  'START',
  'CANCEL',
  'FORCE_CANCEL',
  'PAUSE',
  'RESUME',
  'RETRY',
  'RERUN',
  'FORK',
  'DELETE',
  'SET_PRIORITY',
] as const;
export type JobAction = (typeof JOB_ACTIONS)[number];

/** Nothing runs any more and nothing will by itself. */
export const FINAL_JOB_STATUSES = ['COMPLETED', 'FAILED', 'CANCELLED'] as const satisfies readonly JobStatus[];
export const FINAL_STEP_STATUSES = [
  'COMPLETED',
  'FAILED',
  'SKIPPED',
  'CANCELLED',
] as const satisfies readonly StepStatus[];

export function isFinalJobStatus(status: JobStatus): boolean {
  return (FINAL_JOB_STATUSES as readonly JobStatus[]).includes(status);
}

export function isFinalStepStatus(status: StepStatus): boolean {
  return (FINAL_STEP_STATUSES as readonly StepStatus[]).includes(status);
}
