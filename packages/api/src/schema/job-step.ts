import { queryFromInfo } from '@pothos/plugin-prisma';
import { STEP_HEAD, stepPlaceText } from '@signalbox/db/row-sides';
import DataLoader from 'dataloader';
import type { GraphQLResolveInfo } from 'graphql';
import { builder } from '../builder.ts';
import type { ApiContext } from '../context.ts';
import type { StepAddress } from '../loaders.ts';
import { takesOnly } from '../side-loader.ts';
import { Cost } from './cost.ts';
import { DOCUMENT_COST } from './document-cost.ts';
import { durationMs, durationNote } from './duration.ts';
import { PROGRAMS } from './execution.ts';
import { errorOf, JobError } from './job-error.ts';
import { logsField, readLogs } from './log.ts';
import { StepStatus } from './statuses.ts';

builder.prismaObject('StepAttempt', {
  description: 'One try of a step.',
  select: { stepId: true, number: true },
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'From 1.' }),
    status: t.expose('status', { type: StepStatus, description: 'RUNNING, WAITING over a wait, or how it ended.' }),
    input: t.expose('input', {
      type: 'JSON',
      complexity: DOCUMENT_COST,
      nullable: true,
      description: 'What the step type was given, with all expressions evaluated.',
    }),
    output: t.expose('output', {
      type: 'JSON',
      complexity: DOCUMENT_COST,
      nullable: true,
      description: 'What it gave; null unless it completed.',
    }),
    error: t.field({
      type: JobError,
      nullable: true,
      description: 'Why it failed; null unless it did.',
      select: { errorMessage: true, errorCategory: true, step: { select: { jobId: true, key: true } } },
      resolve: (attempt) => errorOf(attempt, attempt.step),
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it began.' }),
    completedAt: t.expose('completedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null while it runs.',
    }),
    durationMs: t.int({
      nullable: true,
      description: `Milliseconds from its start to its end, or so far. ${durationNote}`,
      select: { startedAt: true, completedAt: true },
      resolve: durationMs,
    }),
    peakMemoryBytes: t.expose('peakMemoryBytes', {
      type: 'BigInt',
      nullable: true,
      description: `The most memory at once, in bytes, of ${PROGRAMS}. Null until it has ended, when there were none, and when they ended too soon to be seen.`,
    }),
    cpuMs: t.expose('cpuMs', {
      type: 'BigInt',
      nullable: true,
      description: `CPU time, in milliseconds, of ${PROGRAMS}. Null until it has ended, and when there were none.`,
    }),
  }),
});

export const JobStep = builder.prismaNode('JobStep', {
  description: 'A step of a job: a node of its workflow, with what became of it in this run.',
  select: { id: true },
  id: { field: 'id' },
  nullable: true,
  findUnique: (id, { viewer }) => ({ id, tenantId: viewer.tenantId }),
  fields: (t) => ({
    job: t.relation('job', { description: 'The job it belongs to.' }),
    key: t.exposeString('key', {
      description:
        'Its name in the workflow, unique within the job; `KEY[0]`, `KEY[1]` and so on for the items of a `forEach` step.',
    }),
    index: t.exposeInt('index', {
      description:
        'Its place in the timeline, from 0. The items of a `forEach` step share its place, and stand behind it.',
    }),
    itemIndex: t.int({
      nullable: true,
      description: 'Which item of a `forEach` step it runs, from 0; null when it is a step of the workflow itself.',
      select: { position: true },
      resolve: ({ position }) => (position > 0 ? position - 1 : null),
    }),
    item: t.expose('item', {
      type: 'JSON',
      complexity: DOCUMENT_COST,
      nullable: true,
      description: 'The item it runs for, `item` in its expressions; null when it is a step of the workflow itself.',
    }),
    name: t.exposeString('name', { description: 'Its name for people; the key unless the workflow gives one.' }),
    type: t.exposeString('type', { description: 'The step type that runs it, such as command.' }),
    uses: t.exposeString('uses', {
      nullable: true,
      description:
        'The agent, tool, model or program used, for people to read; null until it has started or when there is nothing to tell.',
    }),
    status: t.expose('status', { type: StepStatus, description: 'Where it stands.' }),
    reused: t.exposeBoolean('reused', {
      description:
        'Whether it did not run in this job: it was COMPLETED when the job was forked, with the input and output it had there, or the output that was given for it.',
    }),
    needs: t.exposeStringList('needs', { description: 'Keys of the steps that must be settled before it starts.' }),
    input: t.expose('input', {
      type: 'JSON',
      complexity: DOCUMENT_COST,
      nullable: true,
      description:
        'What its newest attempt was given, with all expressions evaluated; null until it has started. Secrets are not in it.',
    }),
    output: t.expose('output', {
      type: 'JSON',
      complexity: DOCUMENT_COST,
      nullable: true,
      description: 'What it gave; null unless it completed. A `forEach` step gives the list of what its items gave.',
    }),
    error: t.field({
      type: JobError,
      nullable: true,
      description: 'Why it failed, or why its last attempt did; null when nothing went wrong.',
      select: { errorMessage: true, errorCategory: true, jobId: true, key: true },
      resolve: (step) => errorOf(step, step),
    }),
    skippedBecause: t.exposeString('skippedBecause', {
      nullable: true,
      description:
        'Why it never ran: the condition that was false, with the values it looked at, or the step whose failure stopped it. Null unless SKIPPED.',
    }),
    attemptNumber: t.exposeInt('attemptNumber', {
      description:
        'The number of its newest attempt, from 1; 0 when it has not started, and for a `forEach` step, whose items make the attempts.',
    }),
    attempts: t.relation('attempts', {
      description: 'Every try, the oldest first.',
      complexity: { field: 1, multiplier: 3 },
      query: { orderBy: { number: 'asc' } },
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When its first attempt began, or its items were made, since the job was last retried or resumed; null until then.',
    }),
    completedAt: t.expose('completedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was settled; null until then.',
    }),
    durationMs: t.int({
      nullable: true,
      description: `Milliseconds from its first start to its end, or so far; null until it has started. ${durationNote}`,
      select: { startedAt: true, completedAt: true },
      resolve: durationMs,
    }),
    cost: t.field({
      type: Cost,
      description: 'What it has cost so far, all attempts included.',
      select: { microUsd: true, inputTokens: true, outputTokens: true, unpricedModels: true, costPartial: true },
      resolve: (step) => step,
    }),
    artifacts: t.relation('artifacts', {
      description: 'The files it kept, the oldest first.',
      complexity: { field: 1, multiplier: 3 },
      query: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] },
    }),
    logs: t.field({
      ...logsField,
      description: "Its part of the job's log. `last: N` gives the tail.",
      select: { jobId: true, key: true },
      resolve: (step, args, context) => readLogs(context, step.jobId, args, step.key),
    }),
  }),
});

const STEP_ADDRESS = { id: true, jobId: true, key: true } as const;
type SelectedStep = ReturnType<typeof queryFromInfo<typeof STEP_ADDRESS>>;

interface StepReader {
  load(address: StepAddress): Promise<{ id: string; jobId: string; key: string } | undefined>;
}

/** A step by its key within a job; null when there is none. All steps that one field asks for are read together. */
export async function loadStep(address: StepAddress, context: ApiContext, info: GraphQLResolveInfo) {
  // Asked for each row anew: it also tells Pothos what the row has, which would read it again otherwise.
  const query = queryFromInfo({ context, info, select: STEP_ADDRESS });
  const reader = context.loaders.forField(info, () => stepReader(context, query));
  return (await reader.load(address)) ?? null;
}

function stepReader({ loaders, services, viewer }: ApiContext, query: SelectedStep): StepReader {
  if (takesOnly(query, STEP_HEAD)) return { load: (address) => loaders.sides.step(address) };
  return new DataLoader(
    async (addresses: readonly StepAddress[]) => {
      const steps = await services.db.prisma.jobStep.findMany({
        ...query,
        where: { tenantId: viewer.tenantId, OR: addresses.map(({ jobId, key }) => ({ jobId, key })) },
      });
      const found = new Map(steps.map((step) => [stepPlaceText(step), step]));
      return addresses.map((one) => found.get(stepPlaceText(one)));
    },
    { cacheKeyFn: stepPlaceText },
  );
}

builder.objectField(JobError, 'step', (t) =>
  t.field({
    type: JobStep,
    nullable: true,
    description: 'The step it happened in; null when no step is to blame.',
    resolve: (error, _args, context, info) => (error.step ? loadStep(error.step, context, info) : null),
  }),
);
