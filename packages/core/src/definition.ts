import type { BudgetRule } from './budget.ts';
import type { Json, ObjectSchema } from './json.ts';
import type { ErrorCategory, JobPriority } from './statuses.ts';

/** A workflow as the parser leaves it: what a version stores and a job freezes. */
export interface WorkflowDefinition {
  slug: string;
  name: string;
  description?: string;
  /** JSON Schema 2020-12 of the job's input; `{ type: 'object' }` when the source gives none. */
  input: ObjectSchema;
  steps: StepDefinition[];
  /** Template of the job's output; the last step's output when absent. */
  output?: Json;
  /** How long workers may hold a job in all; the time it spends in the queue does not count. */
  timeoutMs?: number;
  /** Of its jobs, unless they are created with another one. */
  priority?: JobPriority;
  /** Which workers take its jobs: those that listen to this queue; absent means `default`. */
  queue?: string;
  concurrency?: ConcurrencyRule;
  /** What models may cost in each job, or in all jobs of a period. */
  budgets?: BudgetRule[];
}

/** How many jobs with the same key may run at the same time, whatever their workflows are. */
export interface ConcurrencyRule {
  /** Template of the key, over the input and the job. */
  key: string;
  limit: number;
  /** What becomes of a new job when so many are under way. */
  onConflict: ConflictChoice;
}

export type ConflictChoice = 'queue' | 'cancel-oldest' | 'refuse';

export interface StepDefinition {
  key: string;
  /** The key when the source gives none. */
  name: string;
  /** The step type, such as command. */
  type: string;
  /** Resolved: a step without `needs` in the source carries the key of the one above it. */
  needs: string[];
  /** What the step type reads, with `${{ … }}` expressions still in it. */
  with: { [key: string]: Json };
  /** The CEL source of the condition, without `${{ }}`. */
  if?: string;
  timeoutMs?: number;
  retry?: RetryPolicy;
  continueOnError?: boolean;
  /** What models may cost in this step, over all its attempts. */
  budget?: BudgetRule;
  /** The list, or the one expression that gives it: the step runs once for each item. */
  forEach?: Json;
  /** Items that run at the same time. */
  maxParallel?: number;
  /** Where it stands in a drawing, when the source says so. */
  position?: { x: number; y: number };
}

export interface RetryPolicy {
  /** Tries in all, the first included. */
  attempts: number;
  /** Milliseconds before the second try. */
  delayMs: number;
  /** What each further delay is multiplied by. */
  factor: number;
  maxDelayMs: number;
  /** From 0 to 1: the part of each delay that is left to chance. Absent means none. */
  jitter?: number;
  /** Which failures are tried again; absent means all that can pass by themselves (see retry.ts). */
  on?: ErrorCategory[];
}
