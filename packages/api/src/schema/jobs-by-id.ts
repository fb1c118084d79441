import { queryFromInfo } from '@pothos/plugin-prisma';
import type { Database } from '@signalbox/db/client';
import { type PlainJob, plainColumns, readPlainJobs } from '@signalbox/db/job-rows';
import DataLoader from 'dataloader';
import type { GraphQLResolveInfo } from 'graphql';
import type { ApiContext } from '../context.ts';
import { markWhole } from '../loaded-columns.ts';

/** What Prisma would be asked for. */
export type JobQuery = ReturnType<typeof queryFromInfo<{ id: true }>>;

/** The jobs of the tenant among those, with what the query selects. */
export async function readJobs(
  db: Database,
  tenantId: string,
  ids: readonly string[],
  query: JobQuery,
): Promise<Map<string, { id: string }>> {
  const plain = plainColumns(query);
  if (plain) return wholeJobs(await readPlainJobs(db, tenantId, ids, plain));
  const jobs = await db.prisma.job.findMany({ ...query, where: { tenantId, id: { in: [...ids] } } });
  return new Map(jobs.map((job) => [job.id, job]));
}

/** By id, so that no field of them looks for more than was read. */
export function wholeJobs(jobs: readonly PlainJob[]): Map<string, PlainJob> {
  for (const job of jobs) markWhole(job);
  return new Map(jobs.map((job) => [job.id, job]));
}

/** Jobs in the order asked; those that were deleted meanwhile are left out. All that one field asks for are read together. */
export async function loadJobs(ids: readonly string[], context: ApiContext, info: GraphQLResolveInfo) {
  const { loaders, services, viewer } = context;
  // Asked for each row anew: it also tells Pothos what the row has, which would read it again otherwise.
  const query = queryFromInfo({ context, info, select: { id: true } });
  const loader = loaders.forField(
    info,
    () =>
      new DataLoader(async (all: readonly string[]) => {
        const found = await readJobs(services.db, viewer.tenantId, all, query);
        return all.map((id) => found.get(id) ?? null);
      }),
  );
  return (await Promise.all(ids.map((id) => loader.load(id)))).filter((job) => job !== null);
}
