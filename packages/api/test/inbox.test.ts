import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Inbox } from '../src/live/inbox.ts';

const STALL_MS = 5_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** One that takes a single item, and whether its reader was given up. */
function small() {
  const giveUp = vi.fn<() => void>();
  return { inbox: new Inbox<string>({ items: 1, bytes: 100, stallMs: STALL_MS }, giveUp), giveUp };
}

function overflow(inbox: Inbox<string>): void {
  inbox.push('one', 'one', 1);
  inbox.push('other', 'other', 1);
}

test('a reader that has missed something is given up once it leaves what it was given for so long', () => {
  const { giveUp, inbox } = small();
  overflow(inbox);
  inbox.offer(['of before']).next();
  vi.advanceTimersByTime(STALL_MS - 1);
  expect(giveUp).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(giveUp).toHaveBeenCalledOnce();
});

test('a reader that misses something while it has something to read is given up as well', async () => {
  const { giveUp, inbox } = small();
  inbox.push('first', 'first', 1);
  expect(await inbox.take()).toEqual({ item: 'first' });
  vi.advanceTimersByTime(STALL_MS);
  overflow(inbox);
  vi.advanceTimersByTime(STALL_MS);
  expect(giveUp).toHaveBeenCalledOnce();
});

test('a reader that waits for what the service reads for it is not given up, however long that takes', async () => {
  const { giveUp, inbox } = small();
  overflow(inbox);
  vi.advanceTimersByTime(3 * STALL_MS);
  for (const _item of inbox.offer(['a', 'b', 'c'])) vi.advanceTimersByTime(STALL_MS - 1);
  vi.advanceTimersByTime(3 * STALL_MS);
  expect(await inbox.take()).toEqual({ end: 'missed' });
  vi.advanceTimersByTime(3 * STALL_MS);
  expect(giveUp).not.toHaveBeenCalled();
});
