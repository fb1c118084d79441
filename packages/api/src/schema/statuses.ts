/** The closed lists of the contract. Their values are those of core; the descriptions are written here. */
import type {
  ErrorCategory as CoreErrorCategory,
  JobAction as CoreJobAction,
  JobPriority as CoreJobPriority,
  JobStatus as CoreJobStatus,
  LogLevel as CoreLogLevel,
  LogStream as CoreLogStream,
  StepStatus as CoreStepStatus,
} from '@signalbox/core/statuses';
import { builder } from '../builder.ts';

/** Every value of a list with its description: a value that core adds is a type error until it is described. */
function described<Value extends string>(descriptions: Record<Value, string>): Record<Value, { description: string }> {
  const entries = Object.entries<string>(descriptions).map(([value, description]) => [value, { description }]);
  return Object.fromEntries(entries) as Record<Value, { description: string }>;
}

export const JobStatus = builder.enumType('JobStatus', {
  description:
    'CREATED → QUEUED → RUNNING → COMPLETED, FAILED or CANCELLED, with WAITING and PAUSED on the way. A cancel that is still taking effect is `Job.cancelRequestedAt`, not a status.',
  values: described<CoreJobStatus>({
    CREATED: 'Stored but not started.',
    QUEUED: 'Waiting for a worker that is free.',
    RUNNING: 'A worker holds it.',
    WAITING: 'Nothing of it can run until a time, an approval or another job; no worker holds it.',
    PAUSED: 'Stopped by hand between steps, to go on later; no worker holds it.',
    COMPLETED: 'All steps are settled and the output is there. Final: nothing leaves this state.',
    FAILED: 'Ended by an error; see `Job.error`. Final, unless it is resumed or retried.',
    CANCELLED: 'Ended on request; nothing of it is alive any more. Final, unless it is retried.',
  }),
});

export const StepStatus = builder.enumType('StepStatus', {
  description: 'The state of a step, or of one attempt of it.',
  values: described<CoreStepStatus>({
    PENDING: 'Not started: it waits for the steps it needs, or for its next attempt.',
    RUNNING: 'An attempt is under way.',
    WAITING: 'Started, and waiting for a time, an approval or another job.',
    COMPLETED: 'Ended well; its output is there.',
    FAILED: 'Ended by an error, with no attempt left.',
    SKIPPED: 'Never ran; `JobStep.skippedBecause` says why.',
    CANCELLED: 'Ended because the job was cancelled.',
  }),
});

export const JobPriority = builder.enumType('JobPriority', {
  description: 'The order in which queued jobs are taken. MEDIUM unless told.',
  values: described<CoreJobPriority>({
    LOW: 'After everything else.',
    MEDIUM: 'The default.',
    HIGH: 'Before MEDIUM and LOW.',
    CRITICAL: 'Before everything else.',
  }),
});

export const LogLevel = builder.enumType('LogLevel', {
  description: 'How important a log line is.',
  values: described<CoreLogLevel>({
    DEBUG: 'For people who look for a fault.',
    INFO: 'What happens in the normal course.',
    PROGRESS: 'How far a step has come.',
    SUCCESS: 'Something ended well.',
    WARNING: 'Something looks wrong, and the step goes on.',
    ERROR: 'Something failed.',
  }),
});

export const LogStream = builder.enumType('LogStream', {
  description: 'Who wrote a log line.',
  values: described<CoreLogStream>({
    STDOUT: 'The standard output of the step.',
    STDERR: 'The standard error of the step.',
    SYSTEM: 'Signalbox itself.',
  }),
});

export const ErrorCategory = builder.enumType('ErrorCategory', {
  description: 'The kind of a failure: what a retry policy looks at and what people filter by.',
  values: described<CoreErrorCategory>({
    USER_INPUT: 'What was given cannot be worked with. Trying again does not help.',
    CONFIGURATION: 'The workflow, a plugin or the service is set up wrongly.',
    TIMEOUT: 'It took longer than its timeout.',
    CANCELLED: 'It was cancelled.',
    RATE_LIMIT: 'A service asked for fewer requests.',
    AUTH: 'A service refused the credentials.',
    NETWORK: 'A service could not be reached or the connection broke.',
    PROCESS: 'A child process ended with an error or a signal.',
    PLUGIN: 'The code of a step type threw, crashed or broke its contract.',
    WORKER_LOST: 'The worker that ran it vanished.',
    BUDGET: 'It would have cost more than it may.',
    INTERNAL: 'A fault of Signalbox.',
  }),
});

export const JobAction = builder.enumType('JobAction', {
  description: 'What a person may do to a job.',
  values: described<CoreJobAction>({
    START: 'Queue a job that was created without starting.',
    CANCEL: 'Ask it to stop; running steps get time to end cleanly.',
    FORCE_CANCEL: 'End its running steps at once.',
    PAUSE: 'Stop after the running steps, to go on later.',
    RESUME:
      'Go on with the same job: from the pause, or from the failed step. Takes back a pause that has not taken effect yet.',
    RETRY: 'Queue the same job again from its first unfinished step.',
    RERUN: 'Make a new job of the same version with the same input.',
    FORK: 'Make a new job that reuses what ran before a chosen step.',
    DELETE: 'Remove it with its steps, log and artifacts.',
    SET_PRIORITY: 'Change its place in the queue.',
  }),
});
