import { DEFAULT_OPTIONS, type JobOptions } from '../create-job/draft.ts';
import type { Schedule } from './documents.ts';
import { browserZone, pauseOf, type Times } from './times.ts';

/** A schedule while it is written, without its input. */
export interface ScheduleDraft {
  name: string;
  workflow: string | undefined;
  times: Times;
  options: Omit<JobOptions, 'start'>;
}

const { start: _, ...NO_OPTIONS } = DEFAULT_OPTIONS;
const NEW_TIMES: Times = {
  kind: 'RECURRING',
  startsAt: undefined,
  amount: 1,
  unit: 'hours',
  cron: '',
  timezone: browserZone,
};

export function draftOf(schedule: Schedule | undefined, workflow: string | undefined): ScheduleDraft {
  if (!schedule) return { name: '', workflow, times: NEW_TIMES, options: NO_OPTIONS };
  const { name, kind, startsAt, everySeconds, cron, timezone, priority, subject, labels } = schedule;
  return {
    name,
    workflow: schedule.workflow.slug,
    times: {
      ...NEW_TIMES,
      kind,
      startsAt: startsAt ?? undefined,
      ...(everySeconds !== null && pauseOf(everySeconds)),
      ...(cron !== null && { cron, timezone }),
    },
    options: { priority, subject: subject ?? '', labels: [...labels] },
  };
}
