import { decideApproval } from '@signalbox/db/approvals';
import { builder } from '../builder.ts';
import { announceWithLog } from '../job-commands.ts';
import { invalid } from '../job-request.ts';
import { JobResult, readJob } from './job-result.ts';

const LONGEST_COMMENT = 4_000;

builder.mutationField('decideApproval', (t) =>
  t.field({
    type: JobResult,
    description:
      'Decides what a WAITING step asks for, once. The step goes on with the decision: an `approval` step completes when it is approved, and fails with the category USER_INPUT and the comment when not. A job that waited for it is QUEUED in the answer. NotFound without such a job or step; InvalidInput when the form does not fit (paths into the form); Conflict when the step does not wait for a decision, or was decided already.',
    args: {
      jobId: t.arg.id({ required: true, description: 'UUID of the job. Any other text is an unknown id.' }),
      stepKey: t.arg.string({
        required: true,
        description: 'Key of the step that waits, such as `release` or `release[2]`.',
      }),
      approve: t.arg.boolean({ required: true, description: 'True approves, false rejects.' }),
      comment: t.arg.string({ description: `Why, for people to read; at most ${LONGEST_COMMENT} characters.` }),
      form: t.arg({
        type: 'JSONObject',
        description: 'What `approval.form` asks for; defaults are filled in. Whoever rejects may leave it out.',
      }),
    },
    authScopes: { right: 'operate' },
    resolve: async (_root, { approve, comment, form, jobId, stepKey }, context, info) => {
      const { services, viewer } = context;
      const why = comment?.trim() ?? '';
      if (why.length > LONGEST_COMMENT) {
        const message = `A comment may have ${LONGEST_COMMENT} characters, and this one has ${why.length}.`;
        throw invalid('The request cannot be taken', [{ path: '/comment', message }]);
      }
      await decideApproval(services.db, viewer.tenantId, jobId, {
        stepKey,
        approve,
        comment: why === '' ? null : why,
        form: form ?? null,
        decidedBy: viewer.name,
      });
      services.signal('control', jobId);
      announceWithLog(services, jobId);
      return readJob(jobId, context, info);
    },
  }),
);
