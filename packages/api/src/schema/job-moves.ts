/** What people do to jobs. The moves themselves, and from where they are legal, are db's; here they get arguments and results. */
import { failJobByHand } from '@signalbox/db/fail-by-hand';
import { ConflictError, NotFoundError } from '@signalbox/db/failures';
import { forkJob } from '@signalbox/db/fork';
import { rerunJob } from '@signalbox/db/jobs';
import { builder } from '../builder.ts';
import { ForbiddenError } from '../forbidden.ts';
import {
  announce,
  announceWithLog,
  cancel,
  makeRoom,
  pause,
  prioritise,
  remove,
  resume,
  retry,
  start,
} from '../job-commands.ts';
import { checkedInput, invalid } from '../job-request.ts';
import { idArg, JobResult, readJob } from './job-result.ts';
import { JobPriority } from './statuses.ts';

builder.mutationField('startJob', (t) =>
  t.field({
    type: JobResult,
    description: 'Queues a job that is CREATED. Conflict in any other state.',
    args: idArg,
    authScopes: { right: 'operate' },
    resolve: async (_root, { id }, context, info) => {
      await start(context, id);
      return readJob(id, context, info);
    },
  }),
);

builder.mutationField('cancelJob', (t) =>
  t.field({
    type: JobResult,
    description:
      'Asks an unfinished job to stop, and with it the jobs that its steps wait for. One that no worker holds is CANCELLED in the answer; a RUNNING one has `cancelRequestedAt` set and is CANCELLED once nothing of it is alive. Asking again changes nothing, except that force is remembered. Conflict when it is final.',
    args: {
      ...idArg,
      force: t.arg.boolean({
        description: 'True ends its running steps at once instead of asking them to stop. False unless told.',
      }),
    },
    authScopes: { right: 'operate' },
    resolve: async (_root, { id, force }, context, info) => {
      await cancel(context, id, force ?? false);
      return readJob(id, context, info);
    },
  }),
);

builder.mutationField('pauseJob', (t) =>
  t.field({
    type: JobResult,
    description:
      'Asks a RUNNING job to pause: no further step starts, programs that run are not ended, and a step whose type looks for it at a checkpoint stops there and starts again when the job goes on. `pauseRequestedAt` is set until nothing of it runs any more; then it is PAUSED. Asking again changes nothing. Conflict in any other state and while a cancel is pending.',
    args: idArg,
    authScopes: { right: 'operate' },
    resolve: async (_root, { id }, context, info) => {
      await pause(context, id);
      return readJob(id, context, info);
    },
  }),
);

builder.mutationField('resumeJob', (t) =>
  t.field({
    type: JobResult,
    description:
      'Queues a stopped job to go on: a PAUSED one where it stood, a FAILED one from its failed step and what was skipped after it. Completed steps keep their output and never run again; the steps that run again get all the tries of their retry, and their attempts are numbered on. A pause that has not taken effect yet is taken back. Conflict in any other state.',
    args: idArg,
    authScopes: { right: 'operate' },
    resolve: async (_root, { id }, context, info) => {
      await resume(context, id);
      return readJob(id, context, info);
    },
  }),
);

builder.mutationField('retryJob', (t) =>
  t.field({
    type: JobResult,
    description:
      'Queues a FAILED or CANCELLED job again from its first unfinished step, as the same job. Completed steps keep their output and never run again; all others go back to PENDING with all the tries of their retry, and their attempts are numbered on. Conflict in any other state.',
    args: idArg,
    authScopes: { right: 'operate' },
    resolve: async (_root, { id }, context, info) => {
      await retry(context, id);
      return readJob(id, context, info);
    },
  }),
);

builder.mutationField('rerunJob', (t) =>
  t.field({
    type: JobResult,
    description:
      'Makes a new job of the same workflow version, with the same input unless told, and queues it. The original stays as it is. Conflict when the original is not final, InvalidInput when the given input does not fit.',
    args: {
      ...idArg,
      input: t.arg({ type: 'JSONObject', description: 'Another input, in place of the whole old one.' }),
    },
    authScopes: { right: 'operate' },
    resolve: async (_root, { id, input }, context, info) => {
      const { services, viewer } = context;
      const created = await rerunJob(
        services.db,
        viewer.tenantId,
        id,
        input == null ? undefined : (workflow) => checkedInput(workflow, input),
      );
      await makeRoom(context, created);
      announce(services, created);
      return readJob(created, context, info);
    },
  }),
);

builder.mutationField('forkJob', (t) =>
  t.field({
    type: JobResult,
    description:
      'Makes a new job of the same workflow version that takes over what completed before a step, and queues it. Steps that completed and are neither that step nor behind it are COMPLETED from the start, marked as `reused`, and never run; all others run. The original stays as it is. Conflict when it is not final; InvalidInput when the input does not fit, when there is no such step (`/fromStep`), and for outputs of steps that are not taken over (`/outputs/KEY`).',
    args: {
      ...idArg,
      fromStep: t.arg.string({ required: true, description: 'Key of the first step that runs again.' }),
      input: t.arg({ type: 'JSONObject', description: 'Another input, in place of the whole old one.' }),
      outputs: t.arg({
        type: 'JSONObject',
        description: 'Other outputs for steps that are taken over: an object of outputs by the keys of the steps.',
      }),
    },
    authScopes: { right: 'operate' },
    resolve: async (_root, { id, fromStep, input, outputs }, context, info) => {
      const { services, viewer } = context;
      const created = await forkJob(services.db, viewer.tenantId, id, {
        fromStep,
        outputs: outputs ?? undefined,
        checkInput: input == null ? undefined : (workflow) => checkedInput(workflow, input),
      });
      await makeRoom(context, created);
      announce(services, created);
      return readJob(created, context, info);
    },
  }),
);

builder.mutationField('setJobPriority', (t) =>
  t.field({
    type: JobResult,
    description:
      'Changes the place of a job among those that wait for a worker; it keeps its age within the new priority. Conflict once a worker has it and when it is final.',
    args: {
      ...idArg,
      priority: t.arg({ type: JobPriority, required: true, description: 'The new priority.' }),
    },
    authScopes: { right: 'operate' },
    resolve: async (_root, { id, priority }, context, info) => {
      await prioritise(context, id, priority);
      return readJob(id, context, info);
    },
  }),
);

const LONGEST_REASON = 1_000;

builder.mutationField('failJob', (t) =>
  t.field({
    type: JobResult,
    description:
      'Marks a job as FAILED that is stuck in QUEUED, for example because no worker serves it. Its error is the reason given, with the category CONFIGURATION; what has not run is SKIPPED. It can be retried later. Conflict in any other state: what runs is cancelled instead.',
    args: {
      ...idArg,
      reason: t.arg.string({
        required: true,
        description: `Why, for people to read; 1 to ${LONGEST_REASON} characters.`,
      }),
    },
    authScopes: { right: 'operate' },
    resolve: async (_root, { id, reason }, context, info) => {
      const length = reason.trim().length;
      if (length < 1 || length > LONGEST_REASON) {
        const message = `A reason has 1 to ${LONGEST_REASON} characters, and this one has ${length}.`;
        throw invalid('The request cannot be taken', [{ path: '/reason', message }]);
      }
      await failJobByHand(context.services.db, context.viewer.tenantId, id, reason.trim());
      announceWithLog(context.services, id);
      return readJob(id, context, info);
    },
  }),
);

const DeletedJob = builder.objectRef<{ id: string }>('DeletedJob').implement({
  description: 'A job that is gone.',
  fields: (t) => ({ id: t.exposeID('id', { description: 'The id it had.' }) }),
});

const DeleteJobResult = builder.errorUnion('DeleteJobResult', {
  description: 'The id of the deleted job, or why it is still there.',
  types: [DeletedJob, NotFoundError, ForbiddenError, ConflictError],
  resolveType: () => 'DeletedJob',
});

builder.mutationField('deleteJob', (t) =>
  t.field({
    type: DeleteJobResult,
    description:
      'Removes a final job with its steps, log and artifacts. Reruns of it stay. Conflict when it is not final.',
    args: idArg,
    authScopes: { right: 'operate' },
    resolve: async (_root, { id }, context) => {
      await remove(context, id);
      return { id };
    },
  }),
);
