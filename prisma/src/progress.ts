/**
 * What executors write while they run jobs: attempts started and ended, steps skipped, the job settled with its last step.
 * One statement for the changes of all jobs that are ready to be written; each job's part is fenced by its epoch.
 */
import type { Json } from '@signalbox/core/json';
import type { ErrorCategory } from '@signalbox/core/statuses';
import type { Database } from './client.ts';
import type { ProgramUsage } from './executions.ts';
import { changeStatement } from './progress-statement.ts';

export interface StepFailureRecord {
  message: string;
  category: ErrorCategory;
}

export interface JobChange {
  jobId: string;
  epoch: number;
  /** Steps whose next attempt begins. */
  started?: { stepId: string; attempt: number; input: Json; uses: string | null }[];
  /** Attempts that ended. With `again` the step goes back to PENDING for another try, else it ends as the attempt did. */
  ended?: {
    stepId: string;
    attempt: number;
    status: 'COMPLETED' | 'FAILED' | 'CANCELLED';
    output: Json;
    error: StepFailureRecord | null;
    microUsd: string;
    inputTokens: string;
    outputTokens: string;
    /** What it said about itself when it had begun. */
    uses?: string;
    /** Of the programs of the attempt; absent when it started none. */
    usage?: ProgramUsage;
    again?: boolean;
  }[];
  /** forEach steps that begin, each with the items to be made of it, in their order. */
  expanded?: { stepId: string; items: { id: string; key: string; name: string; position: number; item: Json }[] }[];
  /** Steps that end without an attempt of their own. Only a forEach step can complete so, with the outputs of its items. */
  closed?: {
    stepId: string;
    status: 'COMPLETED' | 'SKIPPED' | 'FAILED' | 'CANCELLED';
    output?: Json;
    because: string | null;
    error: StepFailureRecord | null;
  }[];
  /** Told when it changes. */
  totalSteps?: number;
  completedSteps: number;
  currentStepKey: string | null;
  stepPercent: number;
  /** Of all programs of the job under this epoch; read when it is settled. */
  usage?: ProgramUsage;
  /** Present when nothing of the job runs any more. */
  settled?: {
    status: 'COMPLETED' | 'FAILED' | 'CANCELLED';
    output: Json;
    error: (StepFailureRecord & { stepKey: string | null }) | null;
  };
}

/**
 * Writes the changes, at most one of each job; returns the ids of the jobs that still belong to the writer. A job that is
 * missing was lost: stop it. Repeating a call whose answer got lost changes nothing more and gives the answer again.
 */
export async function recordChanges(db: Database, changes: readonly JobChange[]): Promise<Set<string>> {
  const { rows } = await db.pool.query<{ id: string }>(changeStatement(changes));
  return new Set(rows.map((row) => row.id));
}
