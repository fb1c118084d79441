import { queryFromInfo } from '@pothos/plugin-prisma';
import { nextRuns } from '@signalbox/core/schedule';
import { ConflictError, InvalidInputError, NotFoundError } from '@signalbox/db/failures';
import { runScheduleNow } from '@signalbox/db/schedule-runs';
import { changeSchedule, createSchedule, deleteSchedule, setScheduleActive } from '@signalbox/db/schedules';
import type { GraphQLResolveInfo } from 'graphql';
import { builder } from '../builder.ts';
import { checkedName } from '../checked-name.ts';
import type { ApiContext } from '../context.ts';
import { ForbiddenError } from '../forbidden.ts';
import { announce, makeRoom } from '../job-commands.ts';
import { checkedInput, checkJobRequest, requireWorkflow } from '../job-request.ts';
import { checkedTimes, refuseThePast } from '../schedule-request.ts';
import { JobResult, readJob } from './job-result.ts';
import { MOST_RUNS, Schedule, ScheduleKind } from './schedule.ts';
import { JobPriority } from './statuses.ts';

const ScheduleInput = builder.inputType('ScheduleInput', {
  description: 'A schedule as it is to be.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Its name, unique in the tenant; 1 to 100 characters.' }),
    workflow: t.string({ required: true, description: 'Slug of the workflow.' }),
    kind: t.field({ type: ScheduleKind, required: true, description: 'What tells its times.' }),
    startsAt: t.field({
      type: 'DateTime',
      description: 'When a ONCE runs (needed), or what a RECURRING one counts from (now unless told).',
    }),
    everySeconds: t.int({ description: 'The pause of a RECURRING one, from 10 seconds to 366 days.' }),
    cron: t.string({
      description: 'The pattern of a CRON: five fields, as in "30 6 * * 1-5" for half past six on working days.',
    }),
    timezone: t.string({ description: 'The time zone of a CRON, such as Europe/Zurich; UTC unless told.' }),
    input: t.field({
      type: 'JSONObject',
      description:
        "What its jobs are given; `{}` when absent. Checked now, and again with the version of each job's time.",
    }),
    priority: t.field({ type: JobPriority, description: "The priority of its jobs; the workflow's unless told." }),
    subject: t.string({ description: 'What its jobs are about; nothing unless told.' }),
    labels: t.stringList({ description: 'The labels of its jobs; none unless told.' }),
    active: t.boolean({ description: 'True unless told; false leaves it switched off.' }),
  }),
});

const ScheduleResult = builder.errorUnion('ScheduleResult', {
  description: 'The schedule as it is now, or why nothing was done.',
  types: [Schedule, InvalidInputError, NotFoundError, ForbiddenError, ConflictError],
  resolveType: () => 'Schedule',
});

async function checked(request: typeof ScheduleInput.$inferInput, { services, viewer }: ApiContext) {
  const name = checkedName(request.name, 'schedule');
  const times = checkedTimes(request);
  checkJobRequest(request);
  const workflow = await requireWorkflow(services.db, viewer.tenantId, request.workflow);
  const input = request.input ?? {};
  checkedInput(workflow, input);
  return {
    tenantId: viewer.tenantId,
    workflowId: workflow.workflowId,
    name,
    times,
    input,
    priority: request.priority ?? null,
    subject: request.subject?.trim() || null,
    labels: request.labels ?? [],
    active: request.active ?? true,
  };
}

async function readSchedule(id: string, context: ApiContext, info: GraphQLResolveInfo) {
  const schedule = await context.services.db.prisma.schedule.findUnique({
    ...queryFromInfo({ context, info, typeName: 'Schedule', select: { id: true } }),
    where: { id, tenantId: context.viewer.tenantId },
  });
  if (!schedule) throw unknown(id);
  return Schedule.addBrand(schedule);
}

function unknown(id: string): NotFoundError {
  return new NotFoundError(`There is no schedule with the id "${id.slice(0, 100)}".`);
}

const idArg = builder.args((t) => ({
  id: t.id({ required: true, description: 'UUID of the schedule. Any other text is an unknown id.' }),
}));

builder.mutationField('createSchedule', (t) =>
  t.field({
    type: ScheduleResult,
    description:
      'Makes a schedule. InvalidInput for times that never come and an input that does not fit, NotFound for an unknown workflow, Conflict for a name that is taken.',
    args: { input: t.arg({ type: ScheduleInput, required: true, description: 'The schedule.' }) },
    authScopes: { right: 'operate' },
    resolve: async (_root, { input }, context, info) => {
      const { services, viewer } = context;
      const schedule = await checked(input, context);
      if (schedule.active) refuseThePast(schedule.times);
      const id = await createSchedule(services.db, { ...schedule, createdBy: viewer.name });
      return readSchedule(id, context, info);
    },
  }),
);

builder.mutationField('updateSchedule', (t) =>
  t.field({
    type: ScheduleResult,
    description:
      'Changes a schedule to what is given, whole: what is left out gets its default. Refuses what `createSchedule` does.',
    args: {
      ...idArg,
      input: t.arg({ type: ScheduleInput, required: true, description: 'The schedule as it is to be.' }),
    },
    authScopes: { right: 'operate' },
    resolve: async (_root, { id, input }, context, info) => {
      if (!(await changeSchedule(context.services.db, id, await checked(input, context)))) throw unknown(id);
      return readSchedule(id, context, info);
    },
  }),
);

builder.mutationField('setScheduleActive', (t) =>
  t.field({
    type: ScheduleResult,
    description: 'Switches a schedule on or off. Switched on it goes on with its next time; those it missed are gone.',
    args: {
      ...idArg,
      active: t.arg.boolean({ required: true, description: 'True for on.' }),
    },
    authScopes: { right: 'operate' },
    resolve: async (_root, { active, id }, context, info) => {
      if (!(await setScheduleActive(context.services.db, context.viewer.tenantId, id, active))) throw unknown(id);
      return readSchedule(id, context, info);
    },
  }),
);

builder.mutationField('runSchedule', (t) =>
  t.field({
    type: JobResult,
    description: 'Makes a job of a schedule now, also of one that is off. Its times stay as they are.',
    args: idArg,
    authScopes: { right: 'operate' },
    resolve: async (_root, { id }, context, info) => {
      const jobId = await runScheduleNow(context.services.db, context.viewer.tenantId, id);
      await makeRoom(context, jobId);
      announce(context.services, jobId);
      return readJob(jobId, context, info);
    },
  }),
);

const DeletedSchedule = builder.objectRef<{ id: string }>('DeletedSchedule').implement({
  description: 'A schedule that is gone.',
  fields: (t) => ({ id: t.exposeID('id', { description: 'The id it had.' }) }),
});

const DeleteScheduleResult = builder.errorUnion('DeleteScheduleResult', {
  description: 'The id of the deleted schedule, or why it is still there.',
  types: [DeletedSchedule, NotFoundError, ForbiddenError],
  resolveType: () => 'DeletedSchedule',
});

builder.mutationField('deleteSchedule', (t) =>
  t.field({
    type: DeleteScheduleResult,
    description: 'Removes a schedule. The jobs that it made stay.',
    args: idArg,
    authScopes: { right: 'operate' },
    resolve: async (_root, { id }, { services, viewer }) => {
      if (!(await deleteSchedule(services.db, viewer.tenantId, id))) throw unknown(id);
      return { id };
    },
  }),
);

const SchedulePreview = builder.objectRef<{ runs: Date[] }>('SchedulePreview').implement({
  description: 'When a schedule with such times would run.',
  fields: (t) => ({
    runs: t.field({ type: ['DateTime'], description: 'Its next times from now on.', resolve: ({ runs }) => runs }),
  }),
});

const SchedulePreviewResult = builder.errorUnion('SchedulePreviewResult', {
  description: 'The next times, or what is wrong with what was given.',
  types: [SchedulePreview, InvalidInputError],
  resolveType: () => 'SchedulePreview',
});

builder.queryField('schedulePreview', (t) =>
  t.field({
    type: SchedulePreviewResult,
    description: 'The next times of a schedule that is still being written. Nothing is stored.',
    args: {
      kind: t.arg({ type: ScheduleKind, required: true, description: 'What tells its times.' }),
      startsAt: t.arg({ type: 'DateTime', description: 'As in ScheduleInput.' }),
      everySeconds: t.arg.int({ description: 'As in ScheduleInput.' }),
      cron: t.arg.string({ description: 'As in ScheduleInput.' }),
      timezone: t.arg.string({ description: 'As in ScheduleInput.' }),
      count: t.arg.int({ description: `How many times at most, from 1 to ${MOST_RUNS}; 5 unless told.` }),
    },
    resolve: (_root, { count, ...times }) => ({
      runs: nextRuns(checkedTimes(times), new Date(), Math.min(Math.max(count ?? 5, 1), MOST_RUNS)),
    }),
  }),
);
