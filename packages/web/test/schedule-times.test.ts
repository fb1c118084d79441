import { describe, expect, test } from 'vitest';
import { draftOf } from '../src/screens/schedules/draft.ts';
import { everyInWords, missingIn, onceInWords, pauseOf, requestOf, timeZones } from '../src/screens/schedules/times.ts';
import { formatUntil } from '../src/time/moment.ts';

const { times } = draftOf(undefined, undefined);

describe('a pause', () => {
  test.each([
    [1, 'Every second'],
    [90, 'Every 90 seconds'],
    [3_600, 'Every hour'],
    [5_400, 'Every 90 minutes'],
    [7_200, 'Every 2 hours'],
    [172_800, 'Every 2 days'],
    [604_800, 'Every week'],
  ])('of %d seconds is told as “%s” and comes back as it was', (seconds, words) => {
    expect(everyInWords(seconds)).toBe(words);
    expect(requestOf({ ...times, kind: 'RECURRING', ...pauseOf(seconds) })).toMatchObject({ everySeconds: seconds });
  });
});

describe('the times that are sent', () => {
  const written = { ...times, startsAt: '2026-12-24T18:00:07.000Z', cron: ' 0 3 * * * ', timezone: 'Europe/Zurich' };

  test('hold only what their kind takes, and a moment as exactly as it was', () => {
    expect(requestOf({ ...written, kind: 'ONCE' })).toEqual({ kind: 'ONCE', startsAt: written.startsAt });
    expect(requestOf({ ...written, kind: 'CRON' })).toEqual({
      kind: 'CRON',
      cron: '0 3 * * *',
      timezone: 'Europe/Zurich',
    });
  });

  test.each([
    ['ONCE', 'startsAt'],
    ['RECURRING', 'everySeconds'],
    ['CRON', 'cron'],
  ] as const)('of the kind %s are not complete without %s', (kind, field) => {
    const empty = requestOf({ ...times, kind, amount: undefined });
    expect(Object.keys(missingIn(empty))).toEqual([field]);
    expect(missingIn(requestOf({ ...written, kind }))).toEqual({});
  });
});

test('a moment is told with its year only when that is another one', () => {
  const now = Date.parse('2026-11-27T12:00:00Z');
  expect(onceInWords('2026-12-24T18:00:00Z', now)).not.toContain('2026');
  expect(onceInWords('2027-06-24T18:00:00Z', now)).toContain('2027');
});

test('a time zone that the browser does not list can still be chosen, and none stands there twice', () => {
  const zones = timeZones('Etc/GMT+3');
  expect(zones).toContain('Etc/GMT+3');
  expect(zones).toEqual([...new Set(zones)]);
});

test.each([
  [-5_000, 'now'],
  [12_400, 'in 12 s'],
  [4 * 60_000, 'in 4 min'],
  [3 * 3_600_000, 'in 3 h'],
  [2 * 86_400_000, 'in 2 d'],
])('what is %d ms away is told as “%s”', (left, words) => {
  const now = Date.parse('2026-11-27T12:00:00Z');
  expect(formatUntil(now + left, now)).toBe(words);
});
