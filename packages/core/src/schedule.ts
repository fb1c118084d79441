/** When a schedule runs. What clocks and calendars do (daylight saving, months of different lengths) is croner's work. */
import { Cron } from 'croner';
import type { Issue } from './issues.ts';

export type ScheduleTimes =
  | { kind: 'ONCE'; startsAt: Date }
  | { kind: 'RECURRING'; startsAt: Date; everySeconds: number }
  /** Five fields: minute, hour, day of the month, month, day of the week. `timezone` is a name of the IANA database. */
  | { kind: 'CRON'; cron: string; timezone: string };

export const LEAST_EVERY_SECONDS = 10;
export const MOST_EVERY_SECONDS = 366 * 24 * 60 * 60;
const LONGEST_CRON = 200;

/** What is wrong with it; paths are those of ScheduleInput. */
export function scheduleIssues(times: ScheduleTimes): Issue[] {
  if (times.kind === 'RECURRING') return everyIssues(times.everySeconds);
  if (times.kind === 'ONCE') return [];
  if (!isTimezone(times.timezone)) {
    const message = `There is no time zone "${times.timezone.slice(0, 100)}". Name one as in Europe/Zurich, or UTC.`;
    return [{ path: '/timezone', message }];
  }
  try {
    const next = nextRun(times, new Date());
    return next ? [] : [{ path: '/cron', message: 'This pattern never comes: there is no such day.' }];
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    const message = `This is no cron pattern: ${reason.replace(/\.?$/, '.')} It has five fields: minute, hour, day, month and day of the week, as in "30 6 * * 1-5".`;
    return [{ path: '/cron', message }];
  }
}

function everyIssues(everySeconds: number): Issue[] {
  if (everySeconds >= LEAST_EVERY_SECONDS && everySeconds <= MOST_EVERY_SECONDS) return [];
  const message = `It can run every ${LEAST_EVERY_SECONDS} to ${MOST_EVERY_SECONDS} seconds, not every ${everySeconds}.`;
  return [{ path: '/everySeconds', message }];
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The first time after `after`; null when there is none. Throws for what scheduleIssues refuses. */
export function nextRun(times: ScheduleTimes, after: Date): Date | null {
  if (times.kind === 'CRON') return cronOf(times).nextRun(after);
  if (times.kind === 'ONCE') return times.startsAt > after ? times.startsAt : null;
  const everyMs = times.everySeconds * 1_000;
  const start = times.startsAt.getTime();
  const rounds = Math.floor((after.getTime() - start) / everyMs) + 1;
  return new Date(start + Math.max(0, rounds) * everyMs);
}

/** The next times after `after`, at most `count`. */
export function nextRuns(times: ScheduleTimes, after: Date, count: number): Date[] {
  const runs: Date[] = [];
  for (let last = after; runs.length < count; ) {
    const next = nextRun(times, last);
    if (!next) break;
    runs.push(next);
    last = next;
  }
  return runs;
}

function cronOf({ cron, timezone }: ScheduleTimes & { kind: 'CRON' }): Cron {
  if (cron.length > LONGEST_CRON) throw new Error(`it has more than ${LONGEST_CRON} characters.`);
  return new Cron(cron.trim(), { timezone, paused: true, mode: '5-part' });
}
