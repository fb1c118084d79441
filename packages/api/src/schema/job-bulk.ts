/** The same for many jobs: each is moved by itself, and those that refuse do not keep the others. */
import { ConflictError, NotFoundError } from '@signalbox/db/failures';
import { storedId } from '@signalbox/db/ids';
import type { JobFilter as JobFilterShape } from '@signalbox/db/job-filter';
import { countJobs, listMatchingJobs, selectMatchingJobs } from '@signalbox/db/job-list';
import { builder } from '../builder.ts';
import type { ApiContext } from '../context.ts';
import { cancel, pause, prioritise, remove, resume, retry, start } from '../job-commands.ts';
import { requestError } from '../request-error.ts';
import { ErrorInterface } from './errors.ts';
import { JobFilter } from './job-filter.ts';
import { JobPriority } from './statuses.ts';

export const MOST_AT_ONCE = 1_000;
/** Of the connections that the process has to the database. */
const SIDE_BY_SIDE = 4;

interface Refusal {
  id: string;
  error: ConflictError | NotFoundError;
}

interface Bulk {
  done: string[];
  refused: Refusal[];
  remaining: number;
}

const BulkRefusal = builder.objectRef<Refusal>('BulkRefusal').implement({
  description: 'A job that was left as it is.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id that was given.' }),
    error: t.field({
      type: ErrorInterface,
      description: 'Why: NotFound, or Conflict with what its state does allow.',
      // An error that is returned would count as thrown if it were not marked as a result.
      extensions: { pothosErrors: [ConflictError, NotFoundError] },
      resolve: ({ error }) => error,
    }),
  }),
});

const BulkResult = builder.objectRef<Bulk>('BulkResult').implement({
  description: 'What became of many jobs.',
  fields: (t) => ({
    done: t.exposeIDList('done', { description: 'The jobs it was done to, in the order given.' }),
    refused: t.field({
      type: [BulkRefusal],
      description: 'Those that it could not be done to, in the order given.',
      resolve: ({ refused }) => refused,
    }),
    doneCount: t.int({ description: 'How many jobs it was done to.', resolve: ({ done }) => done.length }),
    refusedCount: t.int({
      description: 'How many it could not be done to.',
      resolve: ({ refused }) => refused.length,
    }),
    remaining: t.exposeInt('remaining', {
      description: 'How many jobs the filter matched beyond `limit`: nothing was tried with them. 0 without a limit.',
    }),
  }),
});

export const chosenArgs = builder.args((t) => ({
  ids: t.idList({ description: `These jobs, at most ${MOST_AT_ONCE}. Not together with filter.` }),
  filter: t.field({
    type: JobFilter,
    description: `All jobs that match. With more than ${MOST_AT_ONCE} nothing is done, unless \`limit\` is given. One that no longer matches when its turn comes is a Conflict. Not together with ids.`,
  }),
}));

const movedArgs = {
  ...chosenArgs,
  ...builder.args((t) => ({
    limit: t.int({
      description: `Only so many of the jobs that match, the oldest first; 1 to ${MOST_AT_ONCE}. Repeat it while there are \`remaining\` ones, with a filter that leaves out those that refuse. Only together with filter.`,
    }),
  })),
};

export interface Chosen {
  ids?: readonly string[] | null;
  filter?: JobFilterShape | null;
}

interface Moved extends Chosen {
  limit?: number | null;
}

/** Throws a BAD_USER_INPUT error that says what to send instead. */
export function checkChosen({ filter, ids }: Chosen): void {
  if ((ids == null) === (filter == null)) throw requestError('Give either "ids" or "filter": which jobs are meant?');
  const given = new Set(ids).size;
  if (given > MOST_AT_ONCE) {
    throw requestError(
      `These are ${given} jobs, and at most ${MOST_AT_ONCE} are moved at once. Nothing was done. Send them in parts.`,
    );
  }
}

/** The jobs to move, and how many more match. Throws a BAD_USER_INPUT error that says what to send instead. */
async function choose(
  { services: { db }, viewer }: ApiContext,
  chosen: Moved,
): Promise<{ ids: string[]; remaining: number }> {
  checkChosen(chosen);
  const { limit } = chosen;
  if (chosen.ids) {
    if (limit != null) throw requestError('"limit" goes with "filter": of "ids", send as many as are meant.');
    return { ids: [...new Set(chosen.ids.map(storedId))], remaining: 0 };
  }
  const filter = chosen.filter ?? {};
  if (limit == null) {
    const ids = await listMatchingJobs(db, viewer.tenantId, filter, MOST_AT_ONCE + 1);
    if (ids.length <= MOST_AT_ONCE) return { ids, remaining: 0 };
    throw requestError(
      `More than ${MOST_AT_ONCE} jobs match, and at most ${MOST_AT_ONCE} are moved at once. Nothing was done. Narrow the filter, for example by status or by time, or give a "limit".`,
    );
  }
  if (limit < 1 || limit > MOST_AT_ONCE) {
    throw requestError(`"limit" must be from 1 to ${MOST_AT_ONCE}, not ${limit}.`);
  }
  const ids = await listMatchingJobs(db, viewer.tenantId, filter, limit);
  const matching = ids.length < limit ? ids.length : await countJobs(db, viewer.tenantId, filter);
  return { ids, remaining: Math.max(0, matching - ids.length) };
}

async function moveAll(context: ApiContext, chosen: Moved, move: (id: string) => Promise<void>): Promise<Bulk> {
  const { ids, remaining } = await choose(context, chosen);
  const errors = new Map<string, Refusal['error']>();
  const unexpected: unknown[] = [];
  const left = ids.values();
  const work = async () => {
    for (const id of left) {
      try {
        // The jobs before it may have taken minutes.
        if (chosen.filter) await requireMatch(context, chosen.filter, id);
        await move(id);
      } catch (error) {
        if (error instanceof ConflictError || error instanceof NotFoundError) errors.set(id, error);
        else unexpected.push(error);
      }
      // Once the answer is an error nothing more may happen behind it.
      if (unexpected.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  if (unexpected.length > 0) throw unexpected[0];
  return {
    done: ids.filter((id) => !errors.has(id)),
    refused: ids.flatMap((id) => {
      const error = errors.get(id);
      return error ? [{ id, error }] : [];
    }),
    remaining,
  };
}

/** Throws ConflictError. */
async function requireMatch({ services, viewer }: ApiContext, filter: JobFilterShape, id: string): Promise<void> {
  const matching = await selectMatchingJobs(services.db, viewer.tenantId, filter, [id]);
  if (matching.size === 0)
    throw new ConflictError('The job has changed meanwhile and no longer matches the filter. Nothing was done to it.');
}

const LIKE_ONE = 'Each job by itself, with the same effect and the same refusals as';

builder.mutationFields((t) => ({
  startJobs: t.field({
    type: BulkResult,
    description: `Queues many jobs that are CREATED. ${LIKE_ONE} \`startJob\`.`,
    args: movedArgs,
    authScopes: { right: 'operate' },
    resolve: (_root, chosen, context) => moveAll(context, chosen, (id) => start(context, id)),
  }),
  pauseJobs: t.field({
    type: BulkResult,
    description: `Asks many running jobs to pause. ${LIKE_ONE} \`pauseJob\`.`,
    args: movedArgs,
    authScopes: { right: 'operate' },
    resolve: (_root, chosen, context) => moveAll(context, chosen, (id) => pause(context, id)),
  }),
  resumeJobs: t.field({
    type: BulkResult,
    description: `Lets many paused or failed jobs go on. ${LIKE_ONE} \`resumeJob\`.`,
    args: movedArgs,
    authScopes: { right: 'operate' },
    resolve: (_root, chosen, context) => moveAll(context, chosen, (id) => resume(context, id)),
  }),
  cancelJobs: t.field({
    type: BulkResult,
    description: `Cancels many jobs. ${LIKE_ONE} \`cancelJob\`.`,
    args: {
      ...movedArgs,
      force: t.arg.boolean({
        description: 'True ends their running steps at once instead of asking them to stop. False unless told.',
      }),
    },
    authScopes: { right: 'operate' },
    resolve: (_root, { force, ...chosen }, context) =>
      moveAll(context, chosen, (id) => cancel(context, id, force ?? false)),
  }),
  retryJobs: t.field({
    type: BulkResult,
    description: `Queues many failed or cancelled jobs again. ${LIKE_ONE} \`retryJob\`.`,
    args: movedArgs,
    authScopes: { right: 'operate' },
    resolve: (_root, chosen, context) => moveAll(context, chosen, (id) => retry(context, id)),
  }),
  setJobsPriority: t.field({
    type: BulkResult,
    description: `Moves many jobs within their queues. ${LIKE_ONE} \`setJobPriority\`.`,
    args: {
      ...movedArgs,
      priority: t.arg({ type: JobPriority, required: true, description: 'The priority that they get.' }),
    },
    authScopes: { right: 'operate' },
    resolve: (_root, { priority, ...chosen }, context) =>
      moveAll(context, chosen, (id) => prioritise(context, id, priority)),
  }),
  deleteJobs: t.field({
    type: BulkResult,
    description: `Removes many final jobs, such as those created before some day. ${LIKE_ONE} \`deleteJob\`.`,
    args: movedArgs,
    authScopes: { right: 'operate' },
    resolve: (_root, chosen, context) => moveAll(context, chosen, (id) => remove(context, id)),
  }),
}));
