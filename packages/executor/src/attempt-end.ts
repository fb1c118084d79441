import type { Json } from '@signalbox/core/json';
import type { FailureRecord } from './step-failure.ts';

/**
 * How one try of a step ended. PAUSED: it heeded a pause at a checkpoint and is made again when the job goes on. STOPPED: it was ended for this worker's sake, and nothing is charged to the step.
 */
export type AttemptEnd =
  | { status: 'COMPLETED'; output: Json }
  | { status: 'FAILED'; failure: FailureRecord }
  | { status: 'CANCELLED' }
  | { status: 'PAUSED' }
  | { status: 'STOPPED' };
