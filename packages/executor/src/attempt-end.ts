import type { Json } from '@signalbox/core/json';
import type { FailureRecord } from './step-failure.ts';
import type { WaitRequest } from './wait-request.ts';

/**
 * How one try of a step ended, or came to a wait: then it goes on later, with what is left of its time. PAUSED: it heeded a pause at a checkpoint and is made again when the job goes on. STOPPED: it was ended for this worker's sake, and nothing is charged to the step.
 */
export type AttemptEnd =
  | { status: 'COMPLETED'; output: Json }
  | { status: 'FAILED'; failure: FailureRecord }
  | { status: 'CANCELLED' }
  | { status: 'WAITING'; wait: WaitRequest; timeLeftMs: number | null }
  | { status: 'PAUSED' }
  | { status: 'STOPPED' };
