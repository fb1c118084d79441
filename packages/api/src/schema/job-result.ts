/** What moves of jobs have in common: their result unions, and the job in the answer. */
import { queryFromInfo } from '@pothos/plugin-prisma';
import { ConflictError, InvalidInputError, NotFoundError } from '@signalbox/db/failures';
import { storedId } from '@signalbox/db/ids';
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

/** The job with what the operation selects of it. Throws NotFoundError when it is gone. */
export async function readJob(id: string, context: ApiContext, info: GraphQLResolveInfo) {
  const job = (await readJobs([id], context, info)).get(storedId(id));
  if (!job) throw deletedJustNow(id);
  return job;
}

/** Jobs with what the operation selects of them, by their ids; those that are gone are missing. */
export async function readJobs(ids: readonly string[], context: ApiContext, info: GraphQLResolveInfo) {
  const { services, viewer } = context;
  const jobs = await services.db.prisma.job.findMany({
    ...queryFromInfo({ context, info, typeName: 'Job', select: { id: true } }),
    where: { id: { in: [...ids] }, tenantId: viewer.tenantId },
  });
  return new Map(jobs.map((job) => [job.id, Job.addBrand(job)]));
}

export function deletedJustNow(id: string): NotFoundError {
  return new NotFoundError(`The job ${id} was deleted just now.`);
}

export const idArg = builder.args((t) => ({
  id: t.id({ required: true, description: 'UUID of the job. Any other text is an unknown id.' }),
}));
