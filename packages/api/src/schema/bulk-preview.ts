/** What a move of many jobs would do, before anybody makes it. */
import { bulkActionRule } from '@signalbox/core/bulk-actions';
import { groupJobs } from '@signalbox/db/bulk-preview';
import { ConflictError, NotFoundError } from '@signalbox/db/failures';
import { isId } from '@signalbox/db/ids';
import { refusalBy } from '@signalbox/db/jobs';
import { builder } from '../builder.ts';
import type { ApiContext } from '../context.ts';
import { ErrorInterface } from './errors.ts';
import { Job } from './job.ts';
import { type Chosen, checkChosen, chosenArgs, MOST_AT_ONCE } from './job-bulk.ts';
import { loadJobs } from './jobs-by-id.ts';

const SAMPLE = 10;

const BulkAction = builder.enumType('BulkAction', {
  description: 'What can be done to many jobs at once.',
  values: {
    START: { description: '`startJobs`.' },
    PAUSE: { description: '`pauseJobs`.' },
    RESUME: { description: '`resumeJobs`.' },
    RETRY: { description: '`retryJobs`.' },
    CANCEL: { description: '`cancelJobs`, with force or without.' },
    SET_PRIORITY: { description: '`setJobsPriority`.' },
    DELETE: { description: '`deleteJobs`.' },
  } as const,
});
type BulkActionValue = typeof BulkAction.$inferType;

interface Refused {
  error: ConflictError | NotFoundError;
  count: number;
  sample: string[];
}

interface Preview {
  matched: number;
  accepted: number;
  sample: string[];
  refused: Refused[];
}

const BulkPreviewRefusal = builder.objectRef<Refused>('BulkPreviewRefusal').implement({
  description: 'Jobs that would be left as they are, all for the same reason.',
  fields: (t) => ({
    error: t.field({
      type: ErrorInterface,
      description: 'Why: NotFound for unknown ids, or Conflict with what their state does allow.',
      // An error that is returned would count as thrown if it were not marked as a result.
      extensions: { pothosErrors: [ConflictError, NotFoundError] },
      resolve: ({ error }) => error,
    }),
    count: t.exposeInt('count', { description: 'How many they are.' }),
    sample: t.field({
      type: [Job],
      description: `The newest of them, at most ${SAMPLE}; none of unknown ids.`,
      complexity: { field: 1, multiplier: SAMPLE },
      resolve: ({ sample }, _args, context, info) => loadJobs(sample, context, info),
    }),
  }),
});

const BulkPreview = builder.objectRef<Preview>('BulkPreview').implement({
  description: 'What would become of many jobs. Until it is done their states may change.',
  fields: (t) => ({
    matched: t.exposeInt('matched', { description: 'How many jobs are meant: the ids given, or all that match.' }),
    accepted: t.exposeInt('accepted', { description: 'How many of them it would be done to.' }),
    needsLimit: t.boolean({
      description: `Whether these are more than the ${MOST_AT_ONCE} that are moved at once: then the mutation needs a \`limit\`.`,
      resolve: ({ matched }) => matched > MOST_AT_ONCE,
    }),
    sample: t.field({
      type: [Job],
      description: `The newest of those that it would be done to, at most ${SAMPLE}.`,
      complexity: { field: 1, multiplier: SAMPLE },
      resolve: ({ sample }, _args, context, info) => loadJobs(sample, context, info),
    }),
    refused: t.field({
      type: [BulkPreviewRefusal],
      description: 'Those that would refuse, by reason.',
      complexity: { field: 1, multiplier: 4 },
      resolve: ({ refused }) => refused,
    }),
  }),
});

builder.queryField('bulkPreview', (t) =>
  t.field({
    type: BulkPreview,
    description:
      'What a bulk mutation with the same ids or filter would do: how many jobs it would be done to, how many would refuse and why, and some of them. Nothing is changed, and it is quick however many match.',
    args: {
      ...chosenArgs,
      action: t.arg({ type: BulkAction, required: true, description: 'What would be done.' }),
    },
    complexity: 50,
    resolve: (_root, { action, ...chosen }, context) => preview(context, action, chosen),
  }),
);

async function preview({ services, viewer }: ApiContext, action: BulkActionValue, chosen: Chosen): Promise<Preview> {
  checkChosen(chosen);
  const ids = chosen.ids ? [...new Set(chosen.ids)] : undefined;
  const groups = await groupJobs(services.db, viewer.tenantId, chosen.filter ?? {}, ids?.filter(isId), SAMPLE);
  const { participle, takes } = bulkActionRule(action);
  const found = groups.reduce((sum, { count }) => sum + count, 0);
  const accepted = groups.filter(takes);
  const refused = new Map<string, Refused>();
  for (const group of groups.filter((candidate) => !takes(candidate))) {
    const error = refusalBy(group, participle);
    const known = refused.get(error.message);
    refused.set(error.message, {
      error,
      count: (known?.count ?? 0) + group.count,
      sample: newest([...(known?.sample ?? []), ...group.sample]),
    });
  }
  const unknown = (ids?.length ?? found) - found;
  return {
    matched: found + unknown,
    accepted: accepted.reduce((sum, { count }) => sum + count, 0),
    sample: newest(accepted.flatMap(({ sample }) => sample)),
    refused: [
      ...refused.values(),
      ...(unknown > 0
        ? [{ error: new NotFoundError('There is no job with such an id.'), count: unknown, sample: [] }]
        : []),
    ],
  };
}

/** Ids begin with their time. */
function newest(ids: readonly string[]): string[] {
  return ids.toSorted().reverse().slice(0, SAMPLE);
}
