/** Checks of what is sent to make or change a schedule. Everything that is wrong is said at once. */
import type { Issue } from '@signalbox/core/issues';
import { type ScheduleTimes, scheduleIssues } from '@signalbox/core/schedule';
import { invalid } from './job-request.ts';

export interface TimesRequest {
  kind: ScheduleTimes['kind'];
  startsAt?: Date | null;
  everySeconds?: number | null;
  cron?: string | null;
  timezone?: string | null;
}

/** Throws InvalidInputError. A ONCE whose time is over is taken: it was switched off, or has run. */
export function checkedTimes(request: TimesRequest): ScheduleTimes {
  const { cron, everySeconds, kind, startsAt, timezone } = request;
  const issues: Issue[] = [];
  const needs = (path: string, given: unknown, what: string) => {
    if (given == null) issues.push({ path: `/${path}`, message: `A schedule of the kind ${kind} needs ${what}.` });
  };
  const strange = (path: string, given: unknown) => {
    if (given != null) issues.push({ path: `/${path}`, message: `A schedule of the kind ${kind} has none of this.` });
  };
  if (kind === 'CRON') {
    needs('cron', cron, 'a pattern');
    strange('startsAt', startsAt);
  } else {
    strange('cron', cron);
    strange('timezone', timezone);
  }
  if (kind === 'ONCE') needs('startsAt', startsAt, 'its time');
  if (kind === 'RECURRING') needs('everySeconds', everySeconds, 'the pause between two runs, in seconds');
  else strange('everySeconds', everySeconds);
  const times = issues.length === 0 ? timesOf(request) : undefined;
  if (times) issues.push(...scheduleIssues(times));
  if (!times || issues.length > 0) throw invalid('The times cannot be taken', issues);
  return times;
}

function timesOf({ cron, everySeconds, kind, startsAt, timezone }: TimesRequest): ScheduleTimes | undefined {
  if (kind === 'CRON') return cron == null ? undefined : { kind, cron, timezone: timezone ?? 'UTC' };
  if (kind === 'ONCE') return startsAt ? { kind, startsAt } : undefined;
  return everySeconds == null ? undefined : { kind, startsAt: startsAt ?? new Date(), everySeconds };
}

/** Throws InvalidInputError when a schedule that is to run would never do so. */
export function refuseThePast(times: ScheduleTimes): void {
  if (times.kind !== 'ONCE' || times.startsAt.getTime() > Date.now()) return;
  const message = `${times.startsAt.toISOString()} is over, so it would never run. Name a time to come, or make it with "active: false".`;
  throw invalid('The times cannot be taken', [{ path: '/startsAt', message }]);
}
