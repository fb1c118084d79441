/** The same for many jobs: each is moved by itself, and those that refuse do not keep the others. */
import { ConflictError, NotFoundError } from '@signalbox/db/failures';
import type { JobFilter as JobFilterShape } from '@signalbox/db/job-filter';
import { listMatchingJobs } from '@signalbox/db/job-list';
import { builder } from '../builder.ts';
import type { ApiContext } from '../context.ts';
import { cancel, remove, retry } from '../job-commands.ts';
import { requestError } from '../request-error.ts';
import { ErrorInterface } from './errors.ts';
import { JobFilter } from './job-filter.ts';

const MOST_AT_ONCE = 1_000;
/** Of the connections that the process has to the database. */
const SIDE_BY_SIDE = 4;

interface Refusal {
  id: string;
  error: ConflictError | NotFoundError;
}

interface Bulk {
  done: string[];
  refused: Refusal[];
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
  }),
});

const chosenArgs = builder.args((t) => ({
  ids: t.idList({ description: `These jobs, at most ${MOST_AT_ONCE}. Not together with filter.` }),
  filter: t.field({
    type: JobFilter,
    description: `All jobs that match, at most ${MOST_AT_ONCE}: with more nothing is done. Not together with ids.`,
  }),
}));

interface Chosen {
  ids?: readonly string[] | null;
  filter?: JobFilterShape | null;
}

/** Throws a BAD_USER_INPUT error that says what to send instead. */
async function choose({ services, viewer }: ApiContext, { filter, ids }: Chosen): Promise<string[]> {
  if ((ids == null) === (filter == null)) throw requestError('Give either "ids" or "filter": which jobs are meant?');
  const chosen = ids
    ? [...new Set(ids)]
    : await listMatchingJobs(services.db, viewer.tenantId, filter ?? {}, MOST_AT_ONCE + 1);
  if (chosen.length > MOST_AT_ONCE) {
    const many = ids ? `These are ${chosen.length} jobs` : `More than ${MOST_AT_ONCE} jobs match`;
    const advice = ids ? 'Send them in parts' : 'Narrow the filter, for example by status or by time';
    throw requestError(`${many}, and at most ${MOST_AT_ONCE} are moved at once. Nothing was done. ${advice}.`);
  }
  return chosen;
}

async function moveAll(ids: readonly string[], move: (id: string) => Promise<void>): Promise<Bulk> {
  const errors = new Map<string, Refusal['error']>();
  const left = ids.values();
  const work = async () => {
    for (const id of left) {
      try {
        await move(id);
      } catch (error) {
        if (!(error instanceof ConflictError || error instanceof NotFoundError)) throw error;
        errors.set(id, error);
      }
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  return {
    done: ids.filter((id) => !errors.has(id)),
    refused: ids.flatMap((id) => {
      const error = errors.get(id);
      return error ? [{ id, error }] : [];
    }),
  };
}

const LIKE_ONE = 'Each job by itself, with the same effect and the same refusals as';

builder.mutationField('cancelJobs', (t) =>
  t.field({
    type: BulkResult,
    description: `Cancels many jobs. ${LIKE_ONE} \`cancelJob\`.`,
    args: {
      ...chosenArgs,
      force: t.arg.boolean({
        description: 'True ends their running steps at once instead of asking them to stop. False unless told.',
      }),
    },
    authScopes: { right: 'operate' },
    resolve: async (_root, { force, ...chosen }, context) =>
      moveAll(await choose(context, chosen), (id) => cancel(context, id, force ?? false)),
  }),
);

builder.mutationField('retryJobs', (t) =>
  t.field({
    type: BulkResult,
    description: `Queues many failed or cancelled jobs again. ${LIKE_ONE} \`retryJob\`.`,
    args: chosenArgs,
    authScopes: { right: 'operate' },
    resolve: async (_root, chosen, context) => moveAll(await choose(context, chosen), (id) => retry(context, id)),
  }),
);

builder.mutationField('deleteJobs', (t) =>
  t.field({
    type: BulkResult,
    description: `Removes many final jobs. ${LIKE_ONE} \`deleteJob\`.`,
    args: chosenArgs,
    authScopes: { right: 'operate' },
    resolve: async (_root, chosen, context) => moveAll(await choose(context, chosen), (id) => remove(context, id)),
  }),
);
