/** Making jobs. */
import { createJob, findRepeated } from '@signalbox/db/jobs';
import { storableText } from '@signalbox/db/storable';
import type { WorkflowVersionRow } from '@signalbox/db/workflows';
import { builder } from '../builder.ts';
import type { ApiContext } from '../context.ts';
import { announce, makeRoom } from '../job-commands.ts';
import { checkedInput, checkJobRequest, requireWorkflow } from '../job-request.ts';
import { requestError } from '../request-error.ts';
import { CreateJobResult, deletedJustNow, FAILURES, readJob, readJobs } from './job-result.ts';
import { JobPriority } from './statuses.ts';

const MOST_AT_ONCE = 100;

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

/** Those that one request has asked for already, by slug. */
type Workflows = Map<string, WorkflowVersionRow>;

/** Stores a job and tells of it. Throws what CreateJobResult knows. */
async function make(
  context: ApiContext,
  request: typeof CreateJobInput.$inferInput,
  workflows: Workflows,
): Promise<string> {
  const { services, viewer } = context;
  checkJobRequest(request);
  const sentInput = request.input ?? {};
  const asked = {
    tenantId: viewer.tenantId,
    priority: request.priority ?? undefined,
    start: request.start ?? undefined,
    subject: request.subject,
    labels: request.labels ?? undefined,
    idempotencyKey: request.idempotencyKey == null ? null : storableText(request.idempotencyKey),
  };
  // Before all else: a newer version of the workflow may refuse what made a job of the one before.
  const repeated = await findRepeated(services.db, { ...asked, workflow: { slug: request.workflow } }, sentInput);
  if (repeated !== undefined) return repeated;
  const known = workflows.get(request.workflow);
  const workflow = known ?? (await requireWorkflow(services.db, viewer.tenantId, request.workflow));
  workflows.set(request.workflow, workflow);
  const { id } = await createJob(services.db, {
    ...asked,
    workflow,
    sentInput,
    input: checkedInput(workflow, sentInput),
  });
  if (workflow.definition.concurrency?.onConflict === 'cancel-oldest') await makeRoom(context, id);
  announce(services, id);
  return id;
}

/** An expected failure as it is; anything else is thrown on. */
function expected(error: unknown): Error {
  if (error instanceof Error && FAILURES.some((failure) => error instanceof failure)) return error;
  throw error;
}

builder.mutationField('createJob', (t) =>
  t.field({
    type: CreateJobResult,
    description:
      'Makes a job and, unless told otherwise, queues it. Answers at once; the work goes on in the background. NotFound for an unknown workflow, InvalidInput when the input does not fit its schema, Conflict for an idempotency key that was used for something else, and where the workflow refuses a job beside another one of its concurrency key.',
    args: { input: t.arg({ type: CreateJobInput, required: true, description: 'What to make.' }) },
    authScopes: { right: 'operate' },
    resolve: async (_root, { input }, context, info) => {
      const id = await make(context, input, new Map());
      return readJob(id, context, info);
    },
  }),
);

builder.mutationField('createJobs', (t) =>
  t.field({
    type: [CreateJobResult],
    description: `Makes many jobs, at most ${MOST_AT_ONCE}, each like \`createJob\` would. The answers are in the order given; those that are refused do not keep the others.`,
    args: { input: t.arg({ type: [CreateJobInput], required: true, description: 'What to make.' }) },
    authScopes: { right: 'operate' },
    complexity: ({ input }) => ({ field: 1, multiplier: Math.max(1, input.length) }),
    resolve: async (_root, { input }, context, info) => {
      if (input.length > MOST_AT_ONCE) {
        throw requestError(
          `These are ${input.length} jobs, and at most ${MOST_AT_ONCE} are made at once. Send them in parts.`,
        );
      }
      const workflows: Workflows = new Map();
      const made: (string | Error)[] = [];
      // One after the other: the order of creation is the order given.
      for (const request of input) made.push(await make(context, request, workflows).catch(expected));
      const jobs = await readJobs(
        made.filter((one) => typeof one === 'string'),
        context,
        info,
      );
      return made.map((one) => (typeof one === 'string' ? (jobs.get(one) ?? deletedJustNow(one)) : one));
    },
  }),
);
