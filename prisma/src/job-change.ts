/** What executors tell of the jobs that they run. */
import type { Json } from '@signalbox/core/json';
import type { ErrorCategory } from '@signalbox/core/statuses';
import type { ProgramUsage } from './held-job.ts';

export interface StepFailureRecord {
  message: string;
  category: ErrorCategory;
}

export interface JobChange {
  jobId: string;
  epoch: number;
  /**
   * The writer's own. Claims may be forgotten by a crash of the database, and then another worker is given the same epoch: no
   * step starts for an execution that the database does not know.
   */
  executionId?: string;
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
