/**
 * The life of a job. Every legal move is a line of this drawing; nothing leaves COMPLETED.
 *
 *                    start             claim             complete
 *        CREATED ───────────▶ QUEUED ───────▶ RUNNING ─────────────▶ COMPLETED
 *                              ▲ ▲ │           │ │ │
 *                              │ │ │   release │ │ │  fail
 *                              │ └─┼───────────┘ │ └───────────────▶ FAILED
 *                              │   │             │                   ▲  │
 *                              │   │ failByHand  │                   │  │
 *                              │   └─────────────┼───────────────────┘  │
 *                              │                 │ pause, wait          │
 *                              │  resume, wake   ▼                      │
 *                              ├────────── PAUSED, WAITING              │
 *                              │                                        │
 *                              ├────────────────────────────────────────┘
 *                              │     resume, retry
 *                              └─────────────────────────────────── CANCELLED
 *                                    retry
 *
 *        cancel:         CREATED, QUEUED, RUNNING, WAITING, PAUSED ──▶ CANCELLED, once nothing of the job is alive
 *        requestCancel:  the same five, and the status stays: a pending cancel is a mark (cancelRequestedAt)
 *        requestPause:   RUNNING, and the status stays: a pending pause is a mark too (pauseRequestedAt). It goes with the job
 *                        until that runs on and pauses; withdrawPause takes it back in QUEUED, RUNNING, WAITING
 *        decide:         QUEUED, RUNNING, WAITING, PAUSED, and the status stays: the decision is kept for the step that waits for
 *                        it. A WAITING job wakes by it. Only what PAUSED is resumes, only what WAITING is wakes
 *        setPriority:    CREATED, QUEUED, WAITING, PAUSED, and the status stays: it counts when a worker is looked for
 *        delete:         COMPLETED, FAILED, CANCELLED ──▶ gone
 */
import type { JobAction, JobStatus } from './statuses.ts';
import { FINAL_JOB_STATUSES, isFinalJobStatus } from './statuses.ts';

export type JobMove =
  | 'start'
  | 'claim'
  | 'complete'
  | 'fail'
  | 'cancel'
  | 'requestCancel'
  | 'requestPause'
  | 'withdrawPause'
  | 'pause'
  | 'wait'
  | 'wake'
  | 'decide'
  | 'resume'
  | 'retry'
  | 'release'
  | 'failByHand'
  | 'setPriority'
  | 'delete';

interface Move {
  from: readonly JobStatus[];
  /** `same` keeps the status, `gone` leaves no job behind. */
  to: JobStatus | 'same' | 'gone';
}

const CANCELLABLE = ['CREATED', 'QUEUED', 'RUNNING', 'WAITING', 'PAUSED'] as const satisfies readonly JobStatus[];

const MOVES: Readonly<Record<JobMove, Move>> = {
  start: { from: ['CREATED'], to: 'QUEUED' },
  claim: { from: ['QUEUED'], to: 'RUNNING' },
  complete: { from: ['RUNNING'], to: 'COMPLETED' },
  fail: { from: ['RUNNING'], to: 'FAILED' },
  cancel: { from: CANCELLABLE, to: 'CANCELLED' },
  requestCancel: { from: CANCELLABLE, to: 'same' },
  requestPause: { from: ['RUNNING'], to: 'same' },
  withdrawPause: { from: ['QUEUED', 'RUNNING', 'WAITING'], to: 'same' },
  pause: { from: ['RUNNING'], to: 'PAUSED' },
  wait: { from: ['RUNNING'], to: 'WAITING' },
  wake: { from: ['WAITING'], to: 'QUEUED' },
  decide: { from: ['QUEUED', 'RUNNING', 'WAITING', 'PAUSED'], to: 'same' },
  resume: { from: ['PAUSED', 'FAILED'], to: 'QUEUED' },
  retry: { from: ['FAILED', 'CANCELLED'], to: 'QUEUED' },
  release: { from: ['RUNNING'], to: 'QUEUED' },
  failByHand: { from: ['QUEUED'], to: 'FAILED' },
  setPriority: { from: ['CREATED', 'QUEUED', 'WAITING', 'PAUSED'], to: 'same' },
  delete: { from: FINAL_JOB_STATUSES, to: 'gone' },
};

export const JOB_MOVES = Object.keys(MOVES) as readonly JobMove[];

/** The states a move may start from: what a statement that makes the move has in its WHERE. */
export function fromStates(move: JobMove): readonly JobStatus[] {
  return MOVES[move].from;
}

/** The state a move leads to; undefined when the move is illegal there, and for a deletion, which leaves no state. */
export function nextStatus(from: JobStatus, move: JobMove): JobStatus | undefined {
  const { from: legal, to } = MOVES[move];
  if (!legal.includes(from) || to === 'gone') return undefined;
  return to === 'same' ? from : to;
}

/** What a person may press, told from the job's state alone. The order is the order of the buttons. */
const PRESSABLE: Readonly<Record<JobAction, (job: PressedJob) => boolean>> = {
  START: (job) => MOVES.start.from.includes(job.status),
  PAUSE: (job) => MOVES.requestPause.from.includes(job.status) && !job.cancelRequestedAt && !job.pauseRequestedAt,
  RESUME: (job) => MOVES.resume.from.includes(job.status) || isPausePending(job),
  RETRY: (job) => MOVES.retry.from.includes(job.status),
  CANCEL: (job) => MOVES.requestCancel.from.includes(job.status) && !job.cancelRequestedAt,
  FORCE_CANCEL: (job) => job.status === 'RUNNING',
  SET_PRIORITY: (job) => MOVES.setPriority.from.includes(job.status),
  RERUN: (job) => isFinalJobStatus(job.status),
  FORK: (job) => isFinalJobStatus(job.status),
  DELETE: (job) => MOVES.delete.from.includes(job.status),
};

/** What decides which actions a job allows. */
export interface PressedJob {
  status: JobStatus;
  cancelRequestedAt: Date | null;
  pauseRequestedAt: Date | null;
}

export function isPausePending({ cancelRequestedAt, pauseRequestedAt, status }: PressedJob): boolean {
  return pauseRequestedAt !== null && cancelRequestedAt === null && MOVES.withdrawPause.from.includes(status);
}

/** The actions that make sense for a job in this state. */
export function allowedActions(job: PressedJob): JobAction[] {
  return (Object.keys(PRESSABLE) as JobAction[]).filter((action) => PRESSABLE[action](job));
}
