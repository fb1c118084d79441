import { describe, expect, it } from 'vitest';
import type { JobMove } from '../src/lifecycle.ts';
import { allowedActions, fromStates, JOB_MOVES, nextStatus } from '../src/lifecycle.ts';
import type { JobAction, JobStatus } from '../src/statuses.ts';
import { isFinalJobStatus, JOB_STATUSES } from '../src/statuses.ts';

/** Written by hand from the design, move by state; what is absent is illegal. */
const LEGAL: Record<JobMove, Partial<Record<JobStatus, JobStatus | 'gone'>>> = {
  start: { CREATED: 'QUEUED' },
  claim: { QUEUED: 'RUNNING' },
  complete: { RUNNING: 'COMPLETED' },
  fail: { RUNNING: 'FAILED' },
  cancel: {
    CREATED: 'CANCELLED',
    QUEUED: 'CANCELLED',
    RUNNING: 'CANCELLED',
    WAITING: 'CANCELLED',
    PAUSED: 'CANCELLED',
  },
  requestCancel: { CREATED: 'CREATED', QUEUED: 'QUEUED', RUNNING: 'RUNNING', WAITING: 'WAITING', PAUSED: 'PAUSED' },
  requestPause: { RUNNING: 'RUNNING' },
  withdrawPause: { QUEUED: 'QUEUED', RUNNING: 'RUNNING', WAITING: 'WAITING' },
  pause: { RUNNING: 'PAUSED' },
  wait: { RUNNING: 'WAITING' },
  wake: { WAITING: 'QUEUED' },
  decide: { QUEUED: 'QUEUED', RUNNING: 'RUNNING', WAITING: 'WAITING', PAUSED: 'PAUSED' },
  resume: { PAUSED: 'QUEUED', FAILED: 'QUEUED' },
  retry: { FAILED: 'QUEUED', CANCELLED: 'QUEUED' },
  release: { RUNNING: 'QUEUED' },
  failByHand: { QUEUED: 'FAILED' },
  setPriority: { CREATED: 'CREATED', QUEUED: 'QUEUED', WAITING: 'WAITING', PAUSED: 'PAUSED' },
  delete: { COMPLETED: 'gone', FAILED: 'gone', CANCELLED: 'gone' },
};

const pairs = JOB_MOVES.flatMap((move) => JOB_STATUSES.map((from) => ({ move, from, to: LEGAL[move][from] })));
const legal = pairs.filter(({ to }) => to !== undefined);
const illegal = pairs.filter(({ to }) => to === undefined);

describe('the state machine of a job (requirements 38 and 39)', () => {
  it('knows exactly the moves of the design', () => {
    expect(JOB_MOVES.toSorted()).toEqual(Object.keys(LEGAL).toSorted());
  });

  it.each(legal)('lets $move lead from $from to $to', ({ move, from, to }) => {
    expect(fromStates(move)).toContain(from);
    expect(nextStatus(from, move)).toBe(to === 'gone' ? undefined : to);
  });

  it.each(illegal)('refuses $move in $from', ({ move, from }) => {
    expect(fromStates(move)).not.toContain(from);
    expect(nextStatus(from, move)).toBeUndefined();
  });

  it('lets nothing leave COMPLETED but a deletion', () => {
    expect(JOB_MOVES.filter((move) => fromStates(move).includes('COMPLETED'))).toEqual(['delete']);
  });

  it('has a way from every unfinished state to a final one', () => {
    const reached = new Set<JobStatus>(JOB_STATUSES.filter(isFinalJobStatus));
    for (const _round of JOB_STATUSES) {
      for (const { from, to } of legal) if (to && to !== 'gone' && reached.has(to)) reached.add(from);
    }
    expect([...reached].toSorted()).toEqual(JOB_STATUSES.toSorted());
  });
});

describe('allowedActions', () => {
  const asked = new Date('2026-11-01T10:00:00Z');
  const table: { status: JobStatus; cancelRequestedAt: Date | null; actions: JobAction[] }[] = [
    { status: 'CREATED', cancelRequestedAt: null, actions: ['START', 'CANCEL', 'SET_PRIORITY'] },
    { status: 'QUEUED', cancelRequestedAt: null, actions: ['CANCEL', 'SET_PRIORITY'] },
    { status: 'RUNNING', cancelRequestedAt: null, actions: ['PAUSE', 'CANCEL', 'FORCE_CANCEL'] },
    { status: 'WAITING', cancelRequestedAt: null, actions: ['CANCEL', 'SET_PRIORITY'] },
    { status: 'PAUSED', cancelRequestedAt: null, actions: ['RESUME', 'CANCEL', 'SET_PRIORITY'] },
    { status: 'COMPLETED', cancelRequestedAt: null, actions: ['RERUN', 'FORK', 'DELETE'] },
    { status: 'FAILED', cancelRequestedAt: null, actions: ['RESUME', 'RETRY', 'RERUN', 'FORK', 'DELETE'] },
    { status: 'CANCELLED', cancelRequestedAt: null, actions: ['RETRY', 'RERUN', 'FORK', 'DELETE'] },
    { status: 'CREATED', cancelRequestedAt: asked, actions: ['START', 'SET_PRIORITY'] },
    { status: 'QUEUED', cancelRequestedAt: asked, actions: ['SET_PRIORITY'] },
    { status: 'RUNNING', cancelRequestedAt: asked, actions: ['FORCE_CANCEL'] },
    { status: 'WAITING', cancelRequestedAt: asked, actions: ['SET_PRIORITY'] },
    { status: 'PAUSED', cancelRequestedAt: asked, actions: ['RESUME', 'SET_PRIORITY'] },
    { status: 'COMPLETED', cancelRequestedAt: asked, actions: ['RERUN', 'FORK', 'DELETE'] },
    { status: 'FAILED', cancelRequestedAt: asked, actions: ['RESUME', 'RETRY', 'RERUN', 'FORK', 'DELETE'] },
    { status: 'CANCELLED', cancelRequestedAt: asked, actions: ['RETRY', 'RERUN', 'FORK', 'DELETE'] },
  ];

  it('is told for every state, with and without a pending cancel', () => {
    expect(new Set(table.map(({ status }) => status)).size).toBe(JOB_STATUSES.length);
    expect(table).toHaveLength(JOB_STATUSES.length * 2);
  });

  it.each(table)(
    'offers $actions to a job that is $status (cancel asked: $cancelRequestedAt)',
    ({ actions, ...job }) => {
      expect(allowedActions({ ...job, pauseRequestedAt: null })).toEqual(actions);
    },
  );

  it.each(table)(
    'offers to take back a pending pause only while a job that is $status is under way (cancel asked: $cancelRequestedAt)',
    ({ actions, ...job }) => {
      const underway = ['QUEUED', 'RUNNING', 'WAITING'].includes(job.status) && !job.cancelRequestedAt;
      const expected = actions.filter((action) => action !== 'PAUSE');
      expect(allowedActions({ ...job, pauseRequestedAt: asked })).toEqual(
        underway ? ['RESUME', ...expected] : expected,
      );
    },
  );
});
