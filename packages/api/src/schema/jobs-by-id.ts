import { queryFromInfo } from '@pothos/plugin-prisma';
import DataLoader from 'dataloader';
import type { GraphQLResolveInfo } from 'graphql';
import type { ApiContext } from '../context.ts';

/** Jobs in the order asked; those that were deleted meanwhile are left out. All that one field asks for are read together. */
export async function loadJobs(ids: readonly string[], context: ApiContext, info: GraphQLResolveInfo) {
  const { loaders, services, viewer } = context;
  // Asked for each row anew: it also tells Pothos what the row has, which would read it again otherwise.
  const query = queryFromInfo({ context, info, select: { id: true } });
  const loader = loaders.forField(
    info,
    () =>
      new DataLoader(async (all: readonly string[]) => {
        const where = { tenantId: viewer.tenantId, id: { in: [...all] } };
        const jobs = await services.db.prisma.job.findMany({ ...query, where });
        const found = new Map(jobs.map((job) => [job.id, job]));
        return all.map((id) => found.get(id) ?? null);
      }),
  );
  return (await Promise.all(ids.map((id) => loader.load(id)))).filter((job) => job !== null);
}
