/** What moves of jobs have in common: their result unions, the job in the answer, and telling everybody. */
import { queryFromInfo } from '@pothos/plugin-prisma';
import { ConflictError, InvalidInputError, NotFoundError } from '@signalbox/db/failures';
import type { GraphQLResolveInfo } from 'graphql';
import { builder } from '../builder.ts';
import type { ApiContext } from '../context.ts';
import { ForbiddenError } from '../forbidden.ts';
import './errors.ts';
import { Job } from './job.ts';

/** As classes: what is thrown of these becomes a member of the union. */
export const FAILURES = [InvalidInputError, NotFoundError, ForbiddenError, ConflictError];

export const CreateJobResult = builder.errorUnion('CreateJobResult', {
  description: 'The new job, or why there is none.',
  types: [Job, ...FAILURES],
  resolveType: () => 'Job',
});

export const JobResult = builder.errorUnion('JobResult', {
  description: 'The job as it is now, or why nothing was done.',
  types: [Job, ...FAILURES],
  resolveType: () => 'Job',
});

/** The job with what the operation selects of it. */
export async function readJob(id: string, context: ApiContext, info: GraphQLResolveInfo) {
  const { services, viewer } = context;
  const job = await services.db.prisma.job.findUnique({
    ...queryFromInfo({ context, info, typeName: 'Job', select: { id: true } }),
    where: { id, tenantId: viewer.tenantId },
  });
  if (!job) throw new NotFoundError(`The job ${id} was deleted just now.`);
  return Job.addBrand(job);
}

/** Tells everybody who watches, here and in other processes. */
export function announce({ jobFeed, signal }: ApiContext['services'], jobId: string): void {
  jobFeed.wake();
  signal('changed', jobId);
}

/** The same for moves that leave a line in the job's log. */
export function announceWithLog(services: ApiContext['services'], jobId: string): void {
  services.logFeed.wake([jobId]);
  services.signal('logged', jobId);
  announce(services, jobId);
}

export const idArg = builder.args((t) => ({
  id: t.id({ required: true, description: 'UUID of the job. Any other text is an unknown id.' }),
}));
