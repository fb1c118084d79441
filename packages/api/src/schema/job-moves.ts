/** What people do to jobs. The moves themselves, and from where they are legal, are db's; here they get arguments and results. */
import { queryFromInfo } from '@pothos/plugin-prisma';
import { requestCancel } from '@signalbox/db/cancel';
import { findSuperseded } from '@signalbox/db/concurrency';
import { ConflictError, InvalidInputError, NotFoundError } from '@signalbox/db/failures';
import { createJob, deleteJob, rerunJob, startJob } from '@signalbox/db/jobs';
import { storableText } from '@signalbox/db/storable';
import type { GraphQLResolveInfo } from 'graphql';
import { builder } from '../builder.ts';
import type { ApiContext } from '../context.ts';
import { ForbiddenError } from '../forbidden.ts';
import { checkedInput, checkJobRequest, requireWorkflow } from '../job-request.ts';
import './errors.ts';
import { Job } from './job.ts';
import { JobPriority } from './statuses.ts';

/** As classes: what is thrown of these becomes a member of the union. */
const FAILURES = [InvalidInputError, NotFoundError, ForbiddenError, ConflictError];

const CreateJobResult = builder.errorUnion('CreateJobResult', {
  description: 'The new job, or why there is none.',
  types: [Job, ...FAILURES],
  resolveType: () => 'Job',
});

const JobResult = builder.errorUnion('JobResult', {
  description: 'The job as it is now, or why nothing was done.',
  types: [Job, ...FAILURES],
  resolveType: () => 'Job',
});

const CreateJobInput = builder.inputType('CreateJobInput', {
  description: 'A job to make.',
  fields: (t) => ({
    workflow: t.string({
      required: true,
      description: 'Slug of the workflow; its newest version is frozen into the job.',
    }),
    input: t.field({
      type: 'JSONObject',
      description:
        "What to give it; `{}` when absent. Checked against the workflow's schema, whose defaults are filled in.",
    }),
    priority: t.field({ type: JobPriority, description: "The workflow's unless told; MEDIUM when that says nothing." }),
    start: t.boolean({ description: 'True unless told; false leaves it CREATED until `startJob`.' }),
    subject: t.string({ description: 'What it is about, for grids over many subjects; at most 500 characters.' }),
    labels: t.stringList({ description: 'Words to find it by; at most 50, of 1 to 100 characters.' }),
    idempotencyKey: t.string({
      description:
        'The same key with the same request gives the same job again, so that a request may be repeated safely; the same key with another request is a Conflict. 1 to 200 characters.',
    }),
  }),
});

/** The job with what the operation selects of it. */
async function readJob(id: string, context: ApiContext, info: GraphQLResolveInfo) {
  const { services, viewer } = context;
  const job = await services.db.prisma.job.findUnique({
    ...queryFromInfo({ context, info, typeName: 'Job', select: { id: true } }),
    where: { id, tenantId: viewer.tenantId },
  });
  if (!job) throw new NotFoundError(`The job ${id} was deleted just now.`);
  return Job.addBrand(job);
}

/** Tells everybody who watches, here and in other processes. */
function announce({ jobFeed, signal }: ApiContext['services'], jobId: string): void {
  jobFeed.wake();
  signal('changed', jobId);
}

/** Asks the oldest jobs of the same concurrency key to stop, as the workflow says. */
async function makeRoom(id: string, { services, viewer }: ApiContext): Promise<void> {
  for (const older of await findSuperseded(services.db, viewer.tenantId, id)) {
    try {
      await requestCancel(services.db, viewer.tenantId, older, false);
    } catch (error) {
      // It has ended meanwhile.
      if (error instanceof ConflictError || error instanceof NotFoundError) continue;
      throw error;
    }
    services.signal('control', older);
    services.signal('logged', older);
    services.logFeed.wake([older]);
    announce(services, older);
  }
}

const idArg = builder.args((t) => ({
  id: t.id({ required: true, description: 'UUID of the job. Any other text is an unknown id.' }),
}));

builder.mutationField('createJob', (t) =>
  t.field({
    type: CreateJobResult,
    description:
      'Makes a job and, unless told otherwise, queues it. Answers at once; the work goes on in the background. NotFound for an unknown workflow, InvalidInput when the input does not fit its schema, Conflict for an idempotency key that was used for something else, and where the workflow refuses a job beside another one of its concurrency key.',
    args: { input: t.arg({ type: CreateJobInput, required: true, description: 'What to make.' }) },
    authScopes: { right: 'operate' },
    resolve: async (_root, { input: request }, context, info) => {
      const { services, viewer } = context;
      checkJobRequest(request);
      const workflow = await requireWorkflow(services.db, viewer.tenantId, request.workflow);
      const { id } = await createJob(services.db, {
        tenantId: viewer.tenantId,
        workflow,
        input: checkedInput(workflow, request.input ?? {}),
        priority: request.priority ?? undefined,
        start: request.start ?? undefined,
        subject: request.subject,
        labels: request.labels ?? undefined,
        idempotencyKey: request.idempotencyKey == null ? null : storableText(request.idempotencyKey),
      });
      if (workflow.definition.concurrency?.onConflict === 'cancel-oldest') await makeRoom(id, context);
      announce(services, id);
      return readJob(id, context, info);
    },
  }),
);

builder.mutationField('startJob', (t) =>
  t.field({
    type: JobResult,
    description: 'Queues a job that is CREATED. Conflict in any other state.',
    args: idArg,
    authScopes: { right: 'operate' },
    resolve: async (_root, { id }, context, info) => {
      await startJob(context.services.db, context.viewer.tenantId, id);
      announce(context.services, id);
      return readJob(id, context, info);
    },
  }),
);

builder.mutationField('cancelJob', (t) =>
  t.field({
    type: JobResult,
    description:
      'Asks an unfinished job to stop. One that no worker holds is CANCELLED in the answer; a RUNNING one has `cancelRequestedAt` set and is CANCELLED once nothing of it is alive. Asking again changes nothing, except that force is remembered. Conflict when it is final.',
    args: {
      ...idArg,
      force: t.arg.boolean({
        description: 'True ends its running steps at once instead of asking them to stop. False unless told.',
      }),
    },
    authScopes: { right: 'operate' },
    resolve: async (_root, { id, force }, context, info) => {
      const { services, viewer } = context;
      await requestCancel(services.db, viewer.tenantId, id, force ?? false);
      services.signal('control', id);
      services.signal('logged', id);
      services.logFeed.wake([id]);
      await makeRoom(id, context);
      announce(services, id);
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
      await makeRoom(created, context);
      announce(services, created);
      return readJob(created, context, info);
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
    resolve: async (_root, { id }, { services, viewer }) => {
      await deleteJob(services.db, viewer.tenantId, id);
      services.logFeed.wake([id]);
      announce(services, id);
      return { id };
    },
  }),
);
