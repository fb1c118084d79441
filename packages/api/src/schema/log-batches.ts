import { isId } from '@signalbox/db/ids';
import { storableText } from '@signalbox/db/storable';
import { builder } from '../builder.ts';
import type { ApiContext } from '../context.ts';
import { decodeLogCursor } from '../cursors.ts';
import type { LogBatch as LogBatchShape, LogInterest } from '../live/log-tail.ts';
import { requestError } from '../request-error.ts';
import { LogLine } from './log.ts';

const LogBatch = builder.objectRef<LogBatchShape>('LogBatch').implement({
  description: 'Log lines that were read together.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: 'Pass it as `after` to go on behind the last of these lines.' }),
    lines: t.expose('lines', {
      type: [LogLine],
      description: 'In the order of the log, at most 500; empty only in the first batch of an empty log.',
      complexity: { field: 1, multiplier: 100 },
    }),
  }),
});

/** Throws NOT_FOUND when the job, or the step that is asked for, is not there. */
async function requireLog(
  { services, viewer }: ApiContext,
  jobId: string,
  stepKey: string | null,
): Promise<LogInterest> {
  const job = isId(jobId)
    ? await services.db.prisma.job.findUnique({
        where: { id: jobId, tenantId: viewer.tenantId },
        select: { id: true, steps: { where: { key: stepKey ?? '' }, select: { key: true } } },
      })
    : null;
  if (!job) throw requestError(`There is no job with the id "${jobId}".`, 'NOT_FOUND');
  if (stepKey !== null && job.steps.length === 0) {
    throw requestError(`The job ${jobId} has no step with the key "${stepKey}".`, 'NOT_FOUND');
  }
  return { jobId: job.id, stepKey };
}

builder.subscriptionField('stepLogged', (t) =>
  t.field({
    type: LogBatch,
    description:
      'The log of a job, or of one of its steps, in batches: from the beginning, or behind `after`, up to the present, and then each new line once and in order. Completes by itself once the job is final and its last line was sent, or when it is deleted. Errors: NOT_FOUND, BAD_CURSOR.',
    args: {
      jobId: t.arg.id({ required: true, description: 'UUID of the job.' }),
      stepKey: t.arg.string({ description: 'Only lines of this step.' }),
      after: t.arg.string({ description: 'The cursor of the last batch, or of the last line, that was received.' }),
    },
    subscribe: async (_root, args, context) => {
      const after = args.after == null ? undefined : decodeLogCursor(args.after);
      const interest = await requireLog(context, args.jobId, args.stepKey == null ? null : storableText(args.stepKey));
      return context.services.logFeed.read(interest, { after, giveUp: () => context.connection?.cut() });
    },
    resolve: (batch) => batch,
  }),
);
