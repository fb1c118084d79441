import { expect, test } from 'vitest';
import { formatAgo, formatRemaining } from '../src/time/moment.ts';

const NOW = Date.parse('2026-11-21T10:30:00Z');

test.each([
  [500, 'just now'],
  [12_000, '12 s ago'],
  [59_999, '59 s ago'],
  [4 * 60_000, '4 min ago'],
  [3 * 3_600_000, '3 h ago'],
  [2 * 86_400_000, '2 d ago'],
])('what was %d ms ago reads %s', (age, text) => {
  expect(formatAgo(NOW - age, NOW)).toBe(text);
});

test('what is long past is told by its day', () => {
  expect(formatAgo(NOW - 90 * 86_400_000, NOW)).toContain('2026');
});

test('a moment that this clock has not reached yet is just now', () => {
  expect(formatAgo(NOW + 3_000, NOW)).toBe('just now');
});

test.each([
  [1_000, 'a few seconds'],
  [38_000, 'about 40 s'],
  [61_000, 'about 2 min'],
  [2 * 3_600_000, 'about 2 h'],
])('%d ms that are left read %s', (ms, text) => {
  expect(formatRemaining(ms)).toBe(text);
});
