/** What can be done to many jobs at once, and which of them refuse it. */
import { fromStates, isPausePending, type PressedJob } from './lifecycle.ts';

interface BulkActionRule {
  /** How a refusal says it. */
  participle: string;
  /** Whether the move takes a job in this state: asking twice for what is under way is no refusal, though no button offers it. */
  takes: (job: PressedJob) => boolean;
}

const RULES = {
  START: { participle: 'started', takes: ({ status }) => fromStates('start').includes(status) },
  PAUSE: {
    participle: 'paused',
    takes: ({ cancelRequestedAt, status }) => fromStates('requestPause').includes(status) && !cancelRequestedAt,
  },
  RESUME: {
    participle: 'resumed',
    takes: (job) => fromStates('resume').includes(job.status) || isPausePending(job),
  },
  RETRY: { participle: 'retried', takes: ({ status }) => fromStates('retry').includes(status) },
  CANCEL: { participle: 'cancelled', takes: ({ status }) => fromStates('requestCancel').includes(status) },
  SET_PRIORITY: {
    participle: 'given another priority',
    takes: ({ status }) => fromStates('setPriority').includes(status),
  },
  DELETE: { participle: 'deleted', takes: ({ status }) => fromStates('delete').includes(status) },
} as const satisfies Record<string, BulkActionRule>;

export type BulkAction = keyof typeof RULES;

export function bulkActionRule(action: BulkAction): BulkActionRule {
  return RULES[action];
}
