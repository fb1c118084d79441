import { describe, expect, test } from 'vitest';
import { formatDuration, formatOffset, formatRunningDuration } from '../src/time/duration.ts';

describe('a duration', () => {
  test.each([
    [0, '0ms'],
    [35, '35ms'],
    [420, '0.4s'],
    [2_140, '2.1s'],
    [9_949, '9.9s'],
    [9_950, '10s'],
    [45_000, '45s'],
    [59_499, '59s'],
    [59_600, '1m 0s'],
    [130_000, '2m 10s'],
    [3_599_999, '1h 0m'],
    [3_900_000, '1h 5m'],
    [86_400_000, '1d 0h'],
    [2 * 86_400_000 + 3 * 3_600_000, '2d 3h'],
  ])('of %d ms reads %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test('below nothing, as clocks that disagree make it, counts as none', () => {
    expect(formatDuration(-1_500)).toBe('0ms');
    expect(formatRunningDuration(-1_500)).toBe('0s');
  });

  test('that still grows is told in whole seconds that never run ahead', () => {
    expect(formatRunningDuration(400)).toBe('0s');
    expect(formatRunningDuration(9_999)).toBe('9s');
    expect(formatRunningDuration(64_900)).toBe('1m 4s');
    expect(formatRunningDuration(3_900_000)).toBe('1h 5m');
  });
});

describe('the place of a log line in its job', () => {
  test.each([
    [0, '00:00.0'],
    [58_249, '00:58.2'],
    [59_999, '00:59.9'],
    [63_700, '01:03.7'],
    [3_723_000, '1:02:03'],
    [-5, '00:00.0'],
  ])('at %d ms reads %s', (ms, text) => {
    expect(formatOffset(ms)).toBe(text);
  });
});
