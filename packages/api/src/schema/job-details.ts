import { updateJobDetails } from '@signalbox/db/job-details';
import { builder } from '../builder.ts';
import { announce } from '../job-commands.ts';
import { checkJobRequest } from '../job-request.ts';
import { idArg, JobResult, readJob } from './job-result.ts';

builder.mutationField('updateJob', (t) =>
  t.field({
    type: JobResult,
    description:
      'Changes what is noted about a job, in any state: its subject and its labels. What is left out stays as it is. Its status, priority and input have verbs of their own. InvalidInput for what is too long.',
    args: {
      ...idArg,
      subject: t.arg.string({ description: 'The new subject, of at most 500 characters; null takes it away.' }),
      labels: t.arg.stringList({
        description: 'All labels it has from now on, at most 50 of 1 to 100 characters; null leaves them.',
      }),
    },
    authScopes: { right: 'operate' },
    resolve: async (_root, { id, labels, subject }, context, info) => {
      checkJobRequest({ subject, labels });
      await updateJobDetails(context.services.db, context.viewer.tenantId, id, {
        subject,
        labels: labels ?? undefined,
      });
      announce(context.services, id);
      return readJob(id, context, info);
    },
  }),
);
