/** What there is to know of schedules; what can be done with them stands in schedule-moves.ts. */
import { nextRuns } from '@signalbox/core/schedule';
import { isId } from '@signalbox/db/ids';
import { escapeLike } from '@signalbox/db/like-pattern';
import { MOST_SCHEDULES, timesOf } from '@signalbox/db/schedules';
import { storableText } from '@signalbox/db/storable';
import { builder } from '../builder.ts';
import { Job } from './job.ts';
import { JobPriority } from './statuses.ts';

export const ScheduleKind = builder.enumType('ScheduleKind', {
  description: 'What tells the times of a schedule.',
  values: {
    ONCE: { description: 'One time.' },
    RECURRING: { description: 'Again and again after the same pause, counted from its first time.' },
    CRON: { description: 'A cron pattern on the clock of a time zone, over changes to and from summer time.' },
  } as const,
});

export const MOST_RUNS = 20;
const MOST_JOBS = 50;

export const Schedule = builder.prismaNode('Schedule', {
  description:
    'Makes jobs of a workflow at certain times. An executor does it, within two seconds; of the times that were missed while none ran, it makes up for the last one only.',
  select: { id: true },
  id: { field: 'id' },
  nullable: true,
  findUnique: (id, { viewer }) => ({ id, tenantId: viewer.tenantId }),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, unique in the tenant.' }),
    workflow: t.relation('workflow', {
      description: 'The workflow; each job freezes the version that is newest then.',
    }),
    kind: t.expose('kind', { type: ScheduleKind, description: 'What tells its times.' }),
    startsAt: t.expose('startsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a ONCE runs, or what a RECURRING one counts from; null for CRON.',
    }),
    everySeconds: t.exposeInt('everySeconds', {
      nullable: true,
      description: 'The pause of a RECURRING one in seconds; null for the others.',
    }),
    cron: t.exposeString('cron', {
      nullable: true,
      description:
        'The pattern of a CRON: minute, hour, day of the month, month, day of the week. Null for the others.',
    }),
    timezone: t.exposeString('timezone', {
      description: 'The time zone of a CRON, such as Europe/Zurich; UTC for the others.',
    }),
    input: t.field({
      type: 'JSONObject',
      description: "What its jobs are given, before the defaults of the workflow's schema.",
      select: { input: true },
      resolve: ({ input }) => input,
    }),
    priority: t.expose('priority', {
      type: JobPriority,
      nullable: true,
      description: "The priority of its jobs; null for the workflow's.",
    }),
    subject: t.exposeString('subject', { nullable: true, description: 'What its jobs are about; null for nothing.' }),
    labels: t.exposeStringList('labels', { description: 'The labels of its jobs.' }),
    active: t.exposeBoolean('active', { description: 'False while it is switched off: then it makes no jobs.' }),
    createdBy: t.exposeString('createdBy', { description: 'Who made it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When somebody last changed it.' }),
    nextRunAt: t.expose('nextRunAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it runs next; null while it is off, and when none of its times is to come.',
    }),
    nextRuns: t.field({
      type: ['DateTime'],
      description: 'Its next times; none while it is off.',
      args: { count: t.arg.int({ description: `How many at most, from 1 to ${MOST_RUNS}; 5 unless told.` }) },
      select: { active: true, kind: true, startsAt: true, everySeconds: true, cron: true, timezone: true },
      resolve: ({ active, ...times }, { count }) =>
        active ? nextRuns(timesOf(times), new Date(), Math.min(Math.max(count ?? 5, 1), MOST_RUNS)) : [],
    }),
    lastRunAt: t.expose('lastRunAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it last made a job or could not; null before its first time.',
    }),
    lastProblem: t.exposeString('lastProblem', {
      nullable: true,
      description:
        'Why its last run made no job, such as an input that does not fit the newest version of the workflow; null when it made one.',
    }),
    jobs: t.relation('jobs', {
      type: Job,
      description: 'The jobs that it made, the newest first.',
      args: { first: t.arg.int({ description: `How many at most, from 1 to ${MOST_JOBS}; 5 unless told.` }) },
      complexity: ({ first }) => ({ field: 1, multiplier: Math.max(1, first ?? 5) }),
      query: ({ first }) => ({ orderBy: { id: 'desc' }, take: Math.min(Math.max(first ?? 5, 1), MOST_JOBS) }),
    }),
  }),
});

builder.prismaObjectField(Job, 'schedule', (t) =>
  t.relation('schedule', {
    nullable: true,
    description: 'The schedule that made it; null when none did, or when that was deleted.',
  }),
);

builder.queryField('schedules', (t) =>
  t.prismaField({
    type: [Schedule],
    description: `The schedules in the order of their names, at most ${MOST_SCHEDULES}.`,
    args: {
      workflow: t.arg.string({ description: 'Only those of the workflow with this slug.' }),
      search: t.arg.string({ description: 'Only those with this text in their name, in any case.' }),
    },
    complexity: { field: 10, multiplier: 20 },
    resolve: (query, _root, { search, workflow }, { services, viewer }) =>
      services.db.prisma.schedule.findMany({
        ...query,
        where: {
          tenantId: viewer.tenantId,
          ...(workflow != null && { workflow: { slug: storableText(workflow) } }),
          ...(search != null && { name: { contains: escapeLike(storableText(search)), mode: 'insensitive' } }),
        },
        orderBy: { name: 'asc' },
      }),
  }),
);

builder.queryField('schedule', (t) =>
  t.prismaField({
    type: Schedule,
    nullable: true,
    description: 'One schedule by its id; null when there is none.',
    args: { id: t.arg.id({ required: true, description: 'Its UUID. Any other text is an unknown id.' }) },
    resolve: (query, _root, { id }, { services, viewer }) =>
      isId(id) ? services.db.prisma.schedule.findUnique({ ...query, where: { id, tenantId: viewer.tenantId } }) : null,
  }),
);
