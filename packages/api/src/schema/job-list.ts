import { queryFromInfo } from '@pothos/plugin-prisma';
import { JOB_STATUSES } from '@signalbox/core/statuses';
import {
  countJobs,
  countJobsByStatus,
  type JobOrder as JobOrderShape,
  type ListedJob,
  readJobPage,
} from '@signalbox/db/job-list';
import { addSteps, type PlainColumns, plainColumns } from '@signalbox/db/job-rows';
import { builder } from '../builder.ts';
import type { ApiContext } from '../context.ts';
import { decodeJobCursor, encodeJobCursor } from '../job-cursor.ts';
import { selects } from '../selection.ts';
import { connectionType, pageOf, withoutSurplus } from './connection.ts';
import { Job } from './job.ts';
import { JobFilter } from './job-filter.ts';
import { type JobQuery, readJobs, wholeJobs } from './jobs-by-id.ts';
import { pageArgs, pageCost, readPageArgs } from './paging.ts';
import { StatusCount } from './status-count.ts';

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

export const JobOrder = builder.inputRef<JobOrderShape>('JobOrder').implement({
  description: 'The order of a list of jobs. Among equals the order of creation decides.',
  fields: (t) => ({
    field: t.field({ type: JobOrderField, required: true, description: 'What to order by.' }),
    direction: t.field({ type: OrderDirection, required: true, description: 'Which end comes first.' }),
  }),
});

const LIMITS = { usual: 20, most: 100 };
const NEWEST_FIRST: JobOrderShape = { field: 'CREATED_AT', direction: 'DESC' };

const JobConnection = connectionType('Job', Job, 'jobs');

/** What a page shows of the jobs at its places, which have their plain columns with them where those are enough. */
async function jobsAt(
  places: ListedJob[],
  { services: { db }, viewer: { tenantId } }: ApiContext,
  { plain, query }: { query: JobQuery; plain: PlainColumns | undefined },
): Promise<Map<string, { id: string }>> {
  const ids = places.map(({ id }) => id);
  if (!plain) return readJobs(db, tenantId, ids, query);
  if (plain.steps && ids.length > 0) await addSteps(db, places, plain.steps);
  return wholeJobs(places);
}

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
      const query = queryFromInfo({ context, info, path: ['edges', 'node'], select: { id: true } });
      const plain = plainColumns(query);
      const { positions, total } = await readJobPage(db, tenantId, {
        columns: plain?.job,
        filter,
        order,
        after: after?.position,
        before: before?.position,
        limit: request.limit + 1,
        backward: request.backward,
        counted: selects(info, 'totalCount'),
        asOf,
      });
      const page = withoutSurplus(positions, request);
      const jobs = await jobsAt(page.rows, context, { plain, query });
      const edges = page.rows.flatMap((position) => {
        const node = jobs.get(position.id);
        // Deleted since its position was read.
        return node ? [{ cursor: encodeJobCursor(position, order, asOf), node }] : [];
      });
      return pageOf(edges, page.more, request, async () => total ?? countJobs(db, tenantId, filter));
    },
  }),
);

builder.queryField('jobCounts', (t) =>
  t.field({
    type: [StatusCount],
    description: 'How many jobs match, for every state in the order of the life cycle, zeros included.',
    args: { filter: t.arg({ type: JobFilter, description: 'Which jobs; all when absent.' }) },
    complexity: { field: 10, multiplier: JOB_STATUSES.length },
    resolve: (_root, { filter }, { services, viewer }) => countJobsByStatus(services.db, viewer.tenantId, filter ?? {}),
  }),
);
