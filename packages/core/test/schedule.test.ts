import { describe, expect, test } from 'vitest';
import { nextRun, nextRuns, type ScheduleTimes, scheduleIssues } from '../src/schedule.ts';

const at = (text: string) => new Date(text);
const cron = (pattern: string, timezone = 'UTC'): ScheduleTimes => ({ kind: 'CRON', cron: pattern, timezone });
const texts = (times: ScheduleTimes, after: string, count: number) =>
  nextRuns(times, at(after), count).map((time) => time.toISOString());

describe('a cron schedule', () => {
  test('runs on the clock of its time zone', () => {
    expect(texts(cron('30 6 * * 1-5', 'Europe/Zurich'), '2026-11-27T05:31:00Z', 2)).toEqual([
      '2026-11-30T05:30:00.000Z',
      '2026-12-01T05:30:00.000Z',
    ]);
  });

  test('runs when the clock is set forward over its time, and once where its time comes twice', () => {
    expect(texts(cron('30 2 * * *', 'Europe/Zurich'), '2027-03-27T12:00:00Z', 2)).toEqual([
      '2027-03-28T01:00:00.000Z',
      '2027-03-29T00:30:00.000Z',
    ]);
    expect(texts(cron('30 2 * * *', 'Europe/Zurich'), '2027-10-30T12:00:00Z', 2)).toEqual([
      '2027-10-31T00:30:00.000Z',
      '2027-11-01T01:30:00.000Z',
    ]);
  });

  test('never runs at the moment it is asked from, so that a run does not repeat itself', () => {
    expect(nextRun(cron('0 * * * *'), at('2026-11-27T10:00:00Z'))).toEqual(at('2026-11-27T11:00:00Z'));
  });

  test.each([
    ['61 * * * *', '/cron', /five fields/],
    ['* * * * * *', '/cron', /five fields/],
    ['hello', '/cron', /five fields/],
    ['0 0 30 2 *', '/cron', /never comes/],
  ])('with the pattern %s is refused in words', (pattern, path, message) => {
    expect(scheduleIssues(cron(pattern))).toEqual([{ path, message: expect.stringMatching(message) }]);
  });

  test('in a zone that does not exist is refused', () => {
    expect(scheduleIssues(cron('0 0 * * *', 'Mars/Olympus'))).toMatchObject([{ path: '/timezone' }]);
  });
});

describe('a recurring schedule', () => {
  const hourly: ScheduleTimes = { kind: 'RECURRING', startsAt: at('2026-11-27T10:15:00Z'), everySeconds: 3_600 };

  test('counts from its first time, also long after it', () => {
    expect(nextRun(hourly, at('2026-11-27T09:00:00Z'))).toEqual(at('2026-11-27T10:15:00Z'));
    expect(nextRun(hourly, at('2026-11-27T10:15:00Z'))).toEqual(at('2026-11-27T11:15:00Z'));
    expect(nextRun(hourly, at('2027-11-27T10:20:00Z'))).toEqual(at('2027-11-27T11:15:00Z'));
  });

  test('has a shortest and a longest pause', () => {
    expect(scheduleIssues(hourly)).toEqual([]);
    expect(scheduleIssues({ ...hourly, everySeconds: 9 })).toMatchObject([{ path: '/everySeconds' }]);
    expect(scheduleIssues({ ...hourly, everySeconds: 400 * 86_400 })).toMatchObject([{ path: '/everySeconds' }]);
  });
});

test('a schedule for one time has no other', () => {
  const once: ScheduleTimes = { kind: 'ONCE', startsAt: at('2026-12-24T18:00:00Z') };
  expect(nextRuns(once, at('2026-11-27T00:00:00Z'), 5)).toEqual([once.startsAt]);
  expect(nextRun(once, once.startsAt)).toBeNull();
});
