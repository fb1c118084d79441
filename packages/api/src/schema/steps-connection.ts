import { queryFromInfo } from '@pothos/plugin-prisma';
import { builder } from '../builder.ts';
import { decodeStepCursor, encodeStepCursor, type StepPlace } from '../cursors.ts';
import { connectionType, pageOf, withoutSurplus } from './connection.ts';
import { Job } from './job.ts';
import { JobStep } from './job-step.ts';
import { pageArgs, pageCost, readPageArgs } from './paging.ts';

const LIMITS = { usual: 50, most: 200 };

const JobStepConnection = connectionType('JobStep', JobStep, 'steps');

builder.prismaObjectField(Job, 'stepsConnection', (t) =>
  t.field({
    type: JobStepConnection,
    description: 'Its steps in timeline order, paged, for jobs with many.',
    args: pageArgs(LIMITS),
    complexity: pageCost(LIMITS),
    resolve: async ({ id: jobId }, args, context, info) => {
      const request = readPageArgs(args, LIMITS);
      const { prisma } = context.services.db;
      const order = request.backward ? 'desc' : 'asc';
      const rows = await prisma.jobStep.findMany({
        ...queryFromInfo({ context, info, path: ['edges', 'node'], select: { id: true, index: true, position: true } }),
        where: {
          jobId,
          AND: [
            request.after === undefined ? {} : beyond(decodeStepCursor(request.after), 'gt'),
            request.before === undefined ? {} : beyond(decodeStepCursor(request.before), 'lt'),
          ],
        },
        orderBy: [{ index: order }, { position: order }],
        take: request.limit + 1,
      });
      if (request.backward) rows.reverse();
      const page = withoutSurplus(rows, request);
      const edges = page.rows.map((node) => ({ cursor: encodeStepCursor(node), node }));
      return pageOf(edges, page.more, request, () => prisma.jobStep.count({ where: { jobId } }));
    },
  }),
);

/** Behind the place, or before it. */
function beyond({ index, position }: StepPlace, side: 'gt' | 'lt') {
  return { OR: [{ index: { [side]: index } }, { index, position: { [side]: position } }] };
}
