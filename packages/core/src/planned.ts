/** What is planned: steps as they are now, and what happens to them next. */
import type { Json } from './json.ts';
import type { ErrorCategory, StepStatus } from './statuses.ts';

export interface PlannedStep {
  key: string;
  status: StepStatus;
  output: Json;
  error: { message: string; category: ErrorCategory } | null;
  /** Of a step that runs one item of a `forEach` step, whose key is `of`; `index` counts from 0. */
  item?: { of: string; index: number; value: Json };
}

export type PlannedItem = PlannedStep & Required<Pick<PlannedStep, 'item'>>;

export interface JobFailure {
  message: string;
  category: ErrorCategory;
  /** Null when no single step is to blame. */
  stepKey: string | null;
}

export interface Plan {
  /** Steps to start now, in the order of the definition. */
  start: string[];
  /** Steps to mark as SKIPPED now. */
  skip: { key: string; because: string }[];
  /** Steps to mark as FAILED now: their condition cannot be evaluated. */
  fail: { key: string; message: string; category: ErrorCategory }[];
  /**
   * `forEach` steps to mark as RUNNING now. A step is to be made of each item, in their order, and the job to be planned
   * again; there are none to make when an earlier worker has done it.
   */
  expand?: { key: string; items: Json[] }[];
  /** `forEach` steps to mark as COMPLETED now, each with the list of what its items gave. */
  complete?: { key: string; output: Json[] }[];
  /** Set when, after `skip` and `fail`, nothing is left to run: how the job ends. */
  done?: { status: 'COMPLETED'; output: Json } | { status: 'FAILED'; error: JobFailure };
}
