import { queryFromInfo } from '@pothos/plugin-prisma';
import { type JobStatus as CoreJobStatus, JOB_STATUSES } from '@signalbox/core/statuses';
import {
  countJobs,
  countJobsByStatus,
  type JobFilter as JobFilterShape,
  type JobOrder as JobOrderShape,
  readJobPage,
} from '@signalbox/db/job-list';
import { builder } from '../builder.ts';
import { decodeJobCursor, encodeJobCursor } from '../job-cursor.ts';
import { connectionType, pageOf, withoutSurplus } from './connection.ts';
import { Job } from './job.ts';
import { pageArgs, pageCost, readPageArgs } from './paging.ts';
import { JobPriority, JobStatus } from './statuses.ts';

export const JobFilter = builder.inputRef<JobFilterShape>('JobFilter').implement({
  description: 'Which jobs; everything given must hold, and an empty list is no restriction.',
  fields: (t) => ({
    status: t.field({ type: [JobStatus], description: 'In one of these states.' }),
    workflow: t.stringList({ description: 'Of one of these workflows, by slug.' }),
    search: t.string({
      description:
        'With this text in the name or slug of the workflow or in the subject, in any case; or with an id that begins or ends with it (3 characters or more).',
    }),
    subject: t.string({ description: 'About exactly this.' }),
    labels: t.stringList({ description: 'With all of these labels.' }),
    priority: t.field({ type: [JobPriority], description: 'With one of these priorities.' }),
    createdAfter: t.field({ type: 'DateTime', description: 'Created later than this.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Created earlier than this.' }),
  }),
});

const JobOrderField = builder.enumType('JobOrderField', {
  description: 'What a list of jobs is ordered by. Jobs that have no such value yet come last in either direction.',
  values: {
    CREATED_AT: { description: 'The moment of creation.' },
    STARTED_AT: { description: 'The moment a worker first took it.' },
    COMPLETED_AT: { description: 'The moment it became final.' },
    DURATION: { description: 'Its run time; that of unfinished jobs as it was when the first page was read.' },
    PRIORITY: { description: 'LOW before MEDIUM before HIGH before CRITICAL when ascending.' },
  } as const,
});

const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Which end of an order comes first.',
  values: {
    ASC: { description: 'The smallest or oldest first.' },
    DESC: { description: 'The greatest or newest first.' },
  } as const,
});

const JobOrder = builder.inputRef<JobOrderShape>('JobOrder').implement({
  description: 'The order of a list of jobs. Among equals the order of creation decides.',
  fields: (t) => ({
    field: t.field({ type: JobOrderField, required: true, description: 'What to order by.' }),
    direction: t.field({ type: OrderDirection, required: true, description: 'Which end comes first.' }),
  }),
});

const LIMITS = { usual: 20, most: 100 };
const NEWEST_FIRST: JobOrderShape = { field: 'CREATED_AT', direction: 'DESC' };

const JobConnection = connectionType('Job', Job, 'jobs');

builder.queryField('jobs', (t) =>
  t.field({
    type: JobConnection,
    description:
      'Jobs by filter and order, paged. A page is read by key: jobs that come or go meanwhile shift nothing.',
    args: {
      ...pageArgs(LIMITS),
      filter: t.arg({ type: JobFilter, description: 'Which jobs; all when absent.' }),
      orderBy: t.arg({ type: JobOrder, description: 'In which order; the newest first when absent.' }),
    },
    complexity: pageCost(LIMITS),
    resolve: async (_root, args, context, info) => {
      const request = readPageArgs(args, LIMITS);
      const { db } = context.services;
      const { tenantId } = context.viewer;
      const filter = args.filter ?? {};
      const order = args.orderBy ?? NEWEST_FIRST;
      const after = request.after === undefined ? undefined : decodeJobCursor(request.after, order);
      const before = request.before === undefined ? undefined : decodeJobCursor(request.before, order);
      const asOf = after?.asOf ?? before?.asOf ?? new Date();
      const positions = await readJobPage(db, tenantId, {
        filter,
        order,
        after: after?.position,
        before: before?.position,
        limit: request.limit + 1,
        backward: request.backward,
        asOf,
      });
      const page = withoutSurplus(positions, request);
      const rows = await db.prisma.job.findMany({
        ...queryFromInfo({ context, info, path: ['edges', 'node'], select: { id: true } }),
        where: { tenantId, id: { in: page.rows.map(({ id }) => id) } },
      });
      const jobs = new Map(rows.map((job) => [job.id, job]));
      const edges = page.rows.flatMap((position) => {
        const node = jobs.get(position.id);
        // Deleted since its position was read.
        return node ? [{ cursor: encodeJobCursor(position, order, asOf), node }] : [];
      });
      return pageOf(edges, page.more, request, () => countJobs(db, tenantId, filter));
    },
  }),
);

const StatusCount = builder.objectRef<{ status: CoreJobStatus; count: number }>('StatusCount').implement({
  description: 'How many jobs are in a state.',
  fields: (t) => ({
    status: t.expose('status', { type: JobStatus, description: 'The state.' }),
    count: t.exposeInt('count', { description: 'How many of the jobs that match are in it.' }),
  }),
});

builder.queryField('jobCounts', (t) =>
  t.field({
    type: [StatusCount],
    description: 'How many jobs match, for every state in the order of the life cycle, zeros included.',
    args: { filter: t.arg({ type: JobFilter, description: 'Which jobs; all when absent.' }) },
    complexity: { field: 10, multiplier: JOB_STATUSES.length },
    resolve: async (_root, { filter }, { services, viewer }) => {
      const counts = await countJobsByStatus(services.db, viewer.tenantId, filter ?? {});
      return JOB_STATUSES.map((status) => ({ status, count: counts.get(status) ?? 0 }));
    },
  }),
);
