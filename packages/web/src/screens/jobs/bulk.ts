import type { JobAction, JobFilter } from '../../app/graphql.ts';

/** What can be done with many jobs at once, in the order of the bar. */
export const BULK_ACTIONS = ['RETRY', 'CANCEL', 'FORCE_CANCEL', 'DELETE'] as const satisfies readonly JobAction[];
export type BulkAction = (typeof BULK_ACTIONS)[number];

/** Which jobs: these, or all that match. */
export type BulkScope = { ids: readonly string[] } | { filter: JobFilter };

interface Words {
  label: string;
  /** Before and behind the number of jobs: "Retry 2 jobs?". */
  verb: string;
  /** What it means, in the dialog. */
  text: string;
  /** Afterwards, behind the number of jobs: "2 jobs queued again". */
  done: string;
  /** What takes it back, as well as it can be taken back. */
  undo?: { action: BulkAction; label: string };
}

export const BULK_WORDS: Record<BulkAction, Words> = {
  RETRY: {
    label: 'Retry',
    verb: 'Retry',
    text: 'They are queued again and go on from their first unfinished step. Steps that are done keep their output.',
    done: 'queued again',
    undo: { action: 'CANCEL', label: 'Cancel them' },
  },
  CANCEL: {
    label: 'Cancel',
    verb: 'Cancel',
    text: 'What runs is asked to stop and is ended after a grace period. Cancelled jobs can be retried.',
    done: 'asked to stop',
    undo: { action: 'RETRY', label: 'Queue them again' },
  },
  FORCE_CANCEL: {
    label: 'Force cancel',
    verb: 'End',
    text: 'What runs is killed at once, without a chance to finish what it is writing.',
    done: 'ended',
    undo: { action: 'RETRY', label: 'Queue them again' },
  },
  DELETE: {
    label: 'Delete',
    verb: 'Delete',
    text: 'They go with their steps, logs and results. This cannot be taken back.',
    done: 'deleted',
  },
};

export function countJobs(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'job' : 'jobs'}`;
}
