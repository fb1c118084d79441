import { queryFromInfo } from '@pothos/plugin-prisma';
import { currentEventSnapshot, type EventSnapshot, listCreatedSince } from '@signalbox/db/events';
import { isId, storedId } from '@signalbox/db/ids';
import { checkFilter, type JobFilter as JobFilterShape } from '@signalbox/db/job-filter';
import { listLiveJobs } from '@signalbox/db/job-list';
import type { GraphQLResolveInfo } from 'graphql';
import { builder } from '../builder.ts';
import type { ApiContext } from '../context.ts';
import { decodeEventCursor, encodeSnapshotCursor, isStartCursor, placeOf, START_CURSOR } from '../cursors.ts';
import { changesOf, type JobChange, type JobInterest } from '../live/job-scope.ts';
import { throughOutage } from '../live/through-outage.ts';
import { requestError } from '../request-error.ts';
import { Job } from './job.ts';
import { JobFilter } from './job-filter.ts';
import { readJobs } from './jobs-by-id.ts';

/** How many jobs the present state of a filter has at most. */
const MOST_PRESENT = 100;

interface WatchArgs {
  id?: string | null;
  filter?: JobFilterShape | null;
  after?: string | null;
}

/** Reads all jobs of a group of changes at once, with the columns that the selection needs; shared by all with that selection. */
function loadJobs({ group }: JobChange, context: ApiContext, info: GraphQLResolveInfo) {
  const query = queryFromInfo({ context, info, path: ['job'], select: { id: true } });
  return group.memo.once(JSON.stringify(query), () =>
    throughOutage(() => readJobs(context.services.db, group.tenantId, group.jobIds, query)),
  );
}

const JobUpdate = builder
  .objectRef<{ cursor: string; job: { id: string } | null; deletedId: string | null }>('JobUpdate')
  .implement({
    description: 'A job as it is now, or the id of one that is gone: exactly one of both.',
    fields: (t) => ({
      cursor: t.exposeString('cursor', { description: 'Pass it as `after` to go on behind this payload.' }),
      job: t.expose('job', { type: Job, nullable: true, description: 'The job; null when it is gone.' }),
      deletedId: t.exposeID('deletedId', {
        nullable: true,
        description: 'The id of a job that was deleted; null otherwise.',
      }),
    }),
  });

async function watch(args: WatchArgs, context: ApiContext): Promise<AsyncGenerator<JobChange, void, void>> {
  const { services, viewer, connection } = context;
  if (args.id != null && args.filter != null) {
    throw requestError('Give either "id" or "filter", not both: an id already names one job.');
  }
  checkFilter(args.filter ?? {});
  const interest: JobInterest =
    args.id == null
      ? { tenantId: viewer.tenantId, filter: args.filter ?? {} }
      : { tenantId: viewer.tenantId, jobId: storedId(args.id) };
  const resumed = args.after != null && !isStartCursor(args.after) ? decodeEventCursor(args.after) : undefined;
  const exists = interest.jobId === undefined || (await isKnown(context, interest.jobId, resumed !== undefined));
  if (!exists) throw requestError(`There is no job with the id "${args.id}".`, 'NOT_FOUND');

  const giveUp = () => connection?.cut();
  if (resumed) return services.jobFeed.watch(interest, { after: resumed, giveUp });
  const snapshot = await currentEventSnapshot(services.db);
  const present = await presentState(context, interest, snapshot);
  return services.jobFeed.watch(interest, { after: placeOf(snapshot), present, giveUp });
}

/** Whoever resumes may have a job that was deleted since, and hears of its deletion. */
async function isKnown({ services, viewer }: ApiContext, id: string, resumes: boolean): Promise<boolean> {
  if (!isId(id)) return false;
  const where = { tenantId: viewer.tenantId };
  if (await services.db.prisma.job.findUnique({ where: { ...where, id }, select: { id: true } })) return true;
  return (
    resumes &&
    (await services.db.prisma.jobEvent.findFirst({ where: { ...where, jobId: id, kind: 'deleted' } })) !== null
  );
}

/** One payload for each job. Whoever is cut before the last of them starts again. */
async function presentState(
  { services, viewer }: ApiContext,
  interest: JobInterest,
  snapshot: EventSnapshot,
): Promise<JobChange[]> {
  const ids =
    interest.jobId === undefined
      ? await listLiveJobs(services.db, viewer.tenantId, interest.filter, MOST_PRESENT)
      : [interest.jobId];
  // A job that was made in between is told as a change, and only so.
  const later = interest.jobId === undefined ? await listCreatedSince(services.db, snapshot, ids) : new Set<string>();
  const { position } = placeOf(snapshot);
  const changes = changesOf(
    ids
      .filter((id) => !later.has(id))
      .map((jobId) => ({ ...position, jobId, tenantId: viewer.tenantId, kind: 'present' })),
    viewer.tenantId,
  );
  const last = encodeSnapshotCursor(snapshot);
  return changes.map((change, index) => ({ ...change, cursor: index === changes.length - 1 ? last : START_CURSOR }));
}

builder.subscriptionField('jobUpdated', (t) =>
  t.field({
    type: JobUpdate,
    description:
      'The state of one job (`id`) or of every job that matches (`filter`; all jobs without either). Without `after` the present state comes first: the job, or one payload for each matching job that is unfinished or became final within the last minute, the newest 100 at most. With `after` what has changed since is replayed. Then every change, several quick ones of a job told as one. A job that stops matching is told once more, and any deletion is told. Watching one job ends when it is deleted. Errors: NOT_FOUND, BAD_CURSOR.',
    args: {
      id: t.arg.id({ description: 'UUID of one job.' }),
      filter: t.arg({ type: JobFilter, description: 'Which jobs; not together with id.' }),
      after: t.arg.string({ description: 'The cursor of the last payload that was received.' }),
    },
    subscribe: (_root, args, context) => watch(args, context),
    resolve: async (change, _args, context, info) => {
      const { cursor, jobId, deleted } = change;
      if (deleted) return { cursor, job: null, deletedId: jobId };
      const job = (await loadJobs(change, context, info)).get(jobId);
      // Deleted since: its own payload follows and says the same.
      return job ? { cursor, job, deletedId: null } : { cursor, job: null, deletedId: jobId };
    },
  }),
);
