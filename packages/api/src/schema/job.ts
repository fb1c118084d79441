import { allowedActions } from '@signalbox/core/lifecycle';
import type { JobStatus as CoreJobStatus } from '@signalbox/core/statuses';
import { expectedEnd } from '@signalbox/core/usual-run';
import { isId } from '@signalbox/db/ids';
import { TIMELINE_ORDER } from '@signalbox/db/job-rows';
import { storableText } from '@signalbox/db/storable';
import { builder } from '../builder.ts';
import { Cost, NO_COST } from './cost.ts';
import { DOCUMENT_COST } from './document-cost.ts';
import { durationMs, durationNote } from './duration.ts';
import { errorOf, JobError } from './job-error.ts';
import { JobStep, loadStep } from './job-step.ts';
import { logsField, readLogs } from './log.ts';
import { JobAction, JobPriority, JobStatus } from './statuses.ts';
import { Workflow } from './workflow.ts';
import { loadWorkflow } from './workflow-by-id.ts';

interface ProgressShape {
  jobId: string;
  status: CoreJobStatus;
  completedSteps: number;
  totalSteps: number;
  currentStepKey: string | null;
  stepPercent: number;
  workflowId: string;
  workflowVersion: number;
}

const Progress = builder.objectRef<ProgressShape>('Progress').implement({
  description: 'How far a job has come.',
  fields: (t) => ({
    completedSteps: t.exposeInt('completedSteps', { description: 'Steps that are settled, skipped ones included.' }),
    totalSteps: t.exposeInt('totalSteps', { description: 'All its steps.' }),
    percent: t.float({
      description:
        'From 0 to 100: the settled steps, and of the current one what it reports. 100 once the job is COMPLETED.',
      resolve: ({ status, completedSteps, totalSteps, stepPercent }) => {
        if (status === 'COMPLETED') return 100;
        if (totalSteps === 0) return 0;
        return Math.min(100, ((completedSteps + stepPercent / 100) / totalSteps) * 100);
      },
    }),
    currentStep: t.field({
      type: JobStep,
      nullable: true,
      description: 'The step that runs; of several the one that started last. Null when none does.',
      resolve: ({ jobId, currentStepKey }, _args, context, info) =>
        currentStepKey === null ? null : loadStep({ jobId, key: currentStepKey }, context, info),
    }),
    expectedCompletionAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When it will probably end, learnt from what each step took in the last 20 completed jobs of its workflow; of a step that runs, what it has taken so far is counted. Null unless it is RUNNING, and without such jobs; never in the past.',
      complexity: 5,
      resolve: async ({ jobId, status, workflowId, workflowVersion }, _args, { loaders }) => {
        if (status !== 'RUNNING') return null;
        const [usual, run] = await Promise.all([
          loaders.usualRuns.load({ workflowId, version: workflowVersion }),
          loaders.run.load(jobId),
        ]);
        const end = run ? expectedEnd(run.steps, usual, run.now) : undefined;
        return end === undefined ? null : new Date(end);
      },
    }),
  }),
});

export const Job = builder.prismaNode('Job', {
  description: 'One run of one version of a workflow with one input.',
  select: { id: true },
  id: { field: 'id' },
  nullable: true,
  findUnique: (id, { viewer }) => ({ id, tenantId: viewer.tenantId }),
  fields: (t) => ({
    workflow: t.field({
      type: Workflow,
      description: 'The workflow it runs, as it is today; `workflowVersion` says what this job froze.',
      select: { workflowId: true },
      resolve: (job, _args, context, info) => loadWorkflow(job, context, info),
    }),
    workflowVersion: t.exposeInt('workflowVersion', {
      description: 'The version of the workflow that this job froze when it was created.',
    }),
    status: t.expose('status', { type: JobStatus, description: 'Where it stands.' }),
    cancelRequestedAt: t.expose('cancelRequestedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a cancel was asked for. With a status that is not final the cancel is still taking effect.',
    }),
    pauseRequestedAt: t.expose('pauseRequestedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When a pause was asked for that is still taking effect: no further step starts, and the job is PAUSED once none runs. Null otherwise.',
    }),
    priority: t.expose('priority', { type: JobPriority, description: 'Its place among queued jobs.' }),
    input: t.expose('input', {
      type: 'JSONObject',
      complexity: DOCUMENT_COST,
      description: "What it was given, with the defaults of the workflow's schema.",
    }),
    output: t.expose('output', {
      type: 'JSON',
      complexity: DOCUMENT_COST,
      nullable: true,
      description: 'What it gave; null until it is COMPLETED.',
    }),
    error: t.field({
      type: JobError,
      nullable: true,
      description: 'Why it failed; null unless FAILED.',
      select: { errorMessage: true, errorCategory: true, errorStepKey: true },
      resolve: (job) => errorOf(job, job.errorStepKey === null ? null : { jobId: job.id, key: job.errorStepKey }),
    }),
    rootCause: t.field({
      type: JobError,
      nullable: true,
      description:
        'The step that failed first and its error, steps that may fail left out: what to look at. The error of the job itself when no step is to blame; null unless FAILED.',
      complexity: 5,
      select: { errorMessage: true, errorCategory: true },
      resolve: async (job, _args, { loaders }) => {
        const cause = job.errorMessage === null ? null : await loaders.rootCause.load(job.id);
        if (!cause) return errorOf(job, null);
        const { category, jobId, message, stepKey } = cause;
        return { message, category, step: { jobId, key: stepKey } };
      },
    }),
    progress: t.field({
      type: Progress,
      description: 'How far it has come.',
      select: {
        status: true,
        completedSteps: true,
        totalSteps: true,
        currentStepKey: true,
        stepPercent: true,
        workflowId: true,
        workflowVersion: true,
      },
      resolve: ({ id, ...counts }) => ({ ...counts, jobId: id }),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was stored.' }),
    queuedAt: t.expose('queuedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When it was last queued; null while CREATED. A job that its worker handed back or lost keeps its place, and this time.',
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a worker first took it; null until then.',
    }),
    completedAt: t.expose('completedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it became final; null until then.',
    }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When anything of it last changed.' }),
    durationMs: t.int({
      nullable: true,
      description: `Milliseconds from its first start to its end, or so far; null until it has started. ${durationNote}`,
      select: { startedAt: true, completedAt: true },
      resolve: durationMs,
    }),
    steps: t.relation('steps', {
      description: 'Its steps in timeline order. Use `stepsConnection` where there may be more than a few hundred.',
      complexity: { field: 1, multiplier: 10 },
      query: { orderBy: TIMELINE_ORDER },
    }),
    step: t.field({
      type: JobStep,
      nullable: true,
      description: 'One of its steps; null when it has none of that key.',
      args: { key: t.arg.string({ required: true, description: 'The key of the step in the workflow.' }) },
      resolve: ({ id }, { key }, context, info) => loadStep({ jobId: id, key: storableText(key) }, context, info),
    }),
    executions: t.relation('executions', {
      description: 'Each time a worker held it, the oldest first.',
      complexity: { field: 1, multiplier: 3 },
      query: { orderBy: { epoch: 'asc' } },
    }),
    logs: t.field({
      ...logsField,
      description: 'Its log. `last: N` gives the tail. A page also ends after 2 MiB of text.',
      resolve: ({ id }, args, context) => readLogs(context, id, args),
    }),
    artifacts: t.relation('artifacts', {
      description: 'The files its steps kept, the oldest first.',
      complexity: { field: 1, multiplier: 5 },
      query: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] },
    }),
    cost: t.field({
      type: Cost,
      description: 'What its steps have cost so far, all attempts included.',
      resolve: async ({ id }, _args, { loaders }) => (await loaders.sides.cost(id)) ?? NO_COST,
    }),
    subject: t.exposeString('subject', {
      nullable: true,
      description: 'What it is about, for grids over many subjects; free text.',
    }),
    labels: t.exposeStringList('labels', { description: 'Free words to find it by.' }),
    rerunOf: t.relation('rerunOf', {
      nullable: true,
      description: 'The job it repeats; null when it is no rerun or that job was deleted.',
    }),
    forkedFrom: t.relation('forkedFrom', {
      nullable: true,
      description: 'The job whose finished steps it reuses; null when it is no fork or that job was deleted.',
    }),
    reruns: t.relation('reruns', {
      description: 'The jobs that repeat it, the oldest first; at most 100.',
      complexity: { field: 1, multiplier: 5 },
      query: { orderBy: { id: 'asc' }, take: 100 },
    }),
    forks: t.relation('forks', {
      description: 'The jobs that were forked from it, the oldest first; at most 100.',
      complexity: { field: 1, multiplier: 5 },
      query: { orderBy: { id: 'asc' }, take: 100 },
    }),
    allowedActions: t.field({
      type: [JobAction],
      description: 'What this viewer may do to it now: buttons come from here.',
      select: { status: true, cancelRequestedAt: true, pauseRequestedAt: true },
      resolve: (job, _args, { viewer }) => (viewer.rights.has('operate') ? allowedActions(job) : []),
    }),
  }),
});

builder.queryField('job', (t) =>
  t.prismaField({
    type: Job,
    nullable: true,
    description: 'One job by its id; null when there is none.',
    args: { id: t.arg.id({ required: true, description: 'Its UUID. Any other text is an unknown id.' }) },
    resolve: (query, _root, { id }, { services, viewer }) =>
      isId(id) ? services.db.prisma.job.findUnique({ ...query, where: { id, tenantId: viewer.tenantId } }) : null,
  }),
);
