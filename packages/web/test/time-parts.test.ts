import { describe, expect, test } from 'vitest';
import { readyTimes } from '../src/timeline/ready.ts';
import { partsOf, partsOfJob, type TimedAttempt } from '../src/timeline/time-parts.ts';

const at = (second: number) => new Date(second * 1_000).toISOString();
const step = { type: 'command', status: 'COMPLETED', startedAt: at(3), completedAt: at(20), reused: false } as const;
const attempt = (number: number, from: number, to: number | null, status: TimedAttempt['status'] = 'COMPLETED') => ({
  number,
  status,
  startedAt: at(from),
  completedAt: to === null ? null : at(to),
});
const hold = (from: number, to: number | null) => ({ startedAt: at(from), completedAt: to === null ? null : at(to) });
const seconds = (parts: ReturnType<typeof partsOf>) =>
  parts.map(({ kind, from, to, tone }) => `${kind} ${from / 1_000}-${to / 1_000} ${tone}`);

describe('the time of a step', () => {
  test('falls into the queue, each attempt, and the delay before the next', () => {
    const tries = [attempt(1, 3, 5, 'FAILED'), attempt(2, 9, 12)];
    expect(seconds(partsOf(step, tries, [hold(0, 20)], 1_000, 20_000))).toEqual([
      'queue 1-3 queued',
      'run 3-5 failed',
      'retry 5-9 waiting',
      'run 9-12 completed',
    ]);
  });

  test('is a wait while no worker holds the job', () => {
    const tries = [attempt(1, 3, 12)];
    expect(seconds(partsOf(step, tries, [hold(0, 5), hold(9, 20)], 3_000, 20_000))).toEqual([
      'run 3-5 completed',
      'wait 5-9 waiting',
      'run 9-12 completed',
    ]);
  });

  test('grows to now while it runs, while it waits for its next try, and while it could start but does not', () => {
    const running = { ...step, status: 'RUNNING', completedAt: null } as const;
    expect(seconds(partsOf(running, [attempt(1, 3, null, 'RUNNING')], [hold(0, null)], 3_000, 7_000))).toEqual([
      'run 3-7 running',
    ]);
    const waiting = { ...step, status: 'WAITING', completedAt: null } as const;
    expect(seconds(partsOf(waiting, [attempt(1, 3, 4, 'FAILED')], [hold(0, null)], 3_000, 7_000))).toEqual([
      'run 3-4 failed',
      'retry 4-7 waiting',
    ]);
    const pending = { ...step, status: 'PENDING', startedAt: null, completedAt: null } as const;
    expect(seconds(partsOf(pending, [], [hold(0, null)], 5_000, 7_000))).toEqual(['queue 5-7 queued']);
    expect(partsOf(pending, [], [hold(0, null)], undefined, 7_000)).toEqual([]);
  });

  test('is all wait for what does nothing else, and none for what was taken over or skipped', () => {
    const tries = [attempt(1, 3, 12)];
    expect(seconds(partsOf({ ...step, type: 'approval' }, tries, [hold(0, 20)], 3_000, 20_000))).toEqual([
      'wait 3-12 waiting',
    ]);
    expect(partsOf({ ...step, reused: true }, tries, [], 3_000, 20_000)).toEqual([]);
    expect(partsOf({ ...step, status: 'SKIPPED' }, [], [], 3_000, 20_000)).toEqual([]);
  });
});

test('the time of a job is the queue, what workers held it for, and what lay between', () => {
  const job = { queuedAt: at(0), startedAt: at(2), completedAt: at(20) };
  expect(seconds(partsOfJob(job, [hold(2, 6), hold(15, 20)], 'completed', 30_000))).toEqual([
    'queue 0-2 queued',
    'run 2-6 queued',
    'wait 6-15 waiting',
    'run 15-20 completed',
  ]);
});

test('a step could have begun when the last of what it needs was settled, and an item when its list was there', () => {
  const planned = (
    key: string,
    needs: string[],
    began: number | null,
    ended: number | null,
    itemIndex: number | null = null,
  ) => ({
    key,
    needs,
    status: 'COMPLETED' as const,
    itemIndex,
    startedAt: began === null ? null : at(began),
    completedAt: ended === null ? null : at(ended),
  });
  const steps = [
    planned('a', [], 2, 4),
    planned('b', [], 2, 8),
    planned('c', ['a', 'b'], 9, null),
    planned('c[0]', ['a', 'b'], 10, 11, 0),
    planned('d', ['c'], null, null),
  ];
  expect(readyTimes(steps, { startedAt: at(1), completedAt: null })).toEqual(
    new Map([
      ['a', 1_000],
      ['b', 1_000],
      ['c', 8_000],
      ['c[0]', 9_000],
    ]),
  );
});
