import { expect, test } from 'vitest';
import { queueTime } from '../src/time/queue-time.ts';

const at = (second: number) => `2026-11-21T10:30:0${second}Z`;

test('the time in the queue is told of a job that was queued once, and not of one that was queued again since', () => {
  expect(queueTime({ queuedAt: at(1), startedAt: at(4) })).toBe(3_000);
  expect(queueTime({ queuedAt: at(5), startedAt: at(4) })).toBeUndefined();
  expect(queueTime({ queuedAt: at(1), startedAt: null })).toBeUndefined();
  expect(queueTime({ queuedAt: null, startedAt: null })).toBeUndefined();
});
