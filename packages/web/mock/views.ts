/** How the rows of the mock world look through the API. */
import type { MockJob, MockStatus, MockStep, MockWorkflow, MockWorld } from './world.ts';

export interface PageArgs {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

export interface JobFilterArgs {
  status?: MockStatus[] | null;
  workflow?: string[] | null;
  search?: string | null;
}

const STATUSES: MockStatus[] = [
  'CREATED',
  'QUEUED',
  'RUNNING',
  'WAITING',
  'PAUSED',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
];
const ENDED = new Set<MockStatus>(['COMPLETED', 'FAILED', 'CANCELLED']);

/** A page of a list; cursors are places in it. */
export function pageOf<Row>(rows: readonly Row[], { first, after, last, before }: PageArgs) {
  const start = after ? Number(after) + 1 : 0;
  const end = before ? Number(before) : rows.length;
  const from = last ? Math.max(start, end - last) : start;
  const to = last ? end : Math.min(end, start + (first ?? 20));
  const edges = rows.slice(from, to).map((node, index) => ({ cursor: String(from + index), node }));
  return {
    edges,
    totalCount: rows.length,
    pageInfo: {
      hasNextPage: to < rows.length,
      hasPreviousPage: from > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

export function matches(job: MockJob, filter: JobFilterArgs | null | undefined): boolean {
  if (!filter) return true;
  const { status, workflow, search } = filter;
  if (status && status.length > 0 && !status.includes(job.status)) return false;
  if (workflow && workflow.length > 0 && !workflow.includes(job.slug)) return false;
  const words = search?.toLowerCase() ?? '';
  return words === '' || [job.id, job.slug, job.subject ?? ''].some((text) => text.toLowerCase().includes(words));
}

export function viewJob(world: MockWorld, job: MockJob): Record<string, unknown> {
  const steps = job.steps.map((step) => viewStep(job, step));
  const completed = job.steps.filter(({ status }) => status === 'COMPLETED').length;
  const failed = steps.find(({ status }) => status === 'FAILED');
  const error = failed ? { ...job.steps.find(({ status }) => status === 'FAILED')?.error, step: failed } : null;
  return {
    ...job,
    __typename: 'Job',
    workflow: () =>
      viewWorkflow(
        world,
        world.workflows.find(({ slug }) => slug === job.slug),
      ),
    workflowVersion: 2,
    steps,
    step: ({ key }: { key: string }) => steps.find((step) => step.key === key) ?? null,
    stepsConnection: (args: PageArgs) => pageOf(steps, args),
    logs: (args: PageArgs & { filter?: { stepKey?: string | null } | null }) =>
      pageOf(
        job.lines.filter(({ stepKey }) => !args.filter?.stepKey || stepKey === args.filter.stepKey).map(viewLine),
        args,
      ),
    progress: {
      completedSteps: completed,
      totalSteps: steps.length,
      percent: steps.length === 0 ? 0 : (completed / steps.length) * 100,
      currentStep: steps.find(({ status }) => status === 'RUNNING') ?? null,
      expectedCompletionAt: null,
    },
    error,
    rootCause: error,
    durationMs: durationOf(job),
    output: job.status === 'COMPLETED' ? { rows: 412, sent: true } : null,
    allowedActions: actionsOf(job),
  };
}

function viewStep(job: MockJob, step: MockStep): Record<string, unknown> & { key: string; status: string } {
  return {
    ...step,
    __typename: 'JobStep',
    job: { __typename: 'Job', id: job.id },
    uses: step.type,
    attemptNumber: step.startedAt === null ? 0 : 1,
    durationMs: durationOf(step),
    skippedBecause: step.status === 'SKIPPED' ? 'A step that it needs has failed.' : null,
    output: step.status === 'COMPLETED' ? { exitCode: 0, stdout: `${step.name}\n` } : null,
    attempts:
      step.startedAt === null
        ? []
        : [
            {
              number: 1,
              status: step.status,
              startedAt: step.startedAt,
              completedAt: step.completedAt,
              error: step.error,
            },
          ],
  };
}

export function viewLine(line: MockJob['lines'][number]) {
  return { ...line, cursor: String(line.seq), stream: 'STDOUT', attempt: 1 };
}

export function viewWorkflow(world: MockWorld, workflow: MockWorkflow | undefined) {
  if (!workflow) return null;
  const [newest] = workflow.versions;
  const jobs = world.jobs.filter(({ slug }) => slug === workflow.slug);
  const ended = jobs.filter(({ status }) => status === 'COMPLETED' || status === 'FAILED');
  return {
    ...workflow,
    __typename: 'Workflow',
    version: newest?.version ?? 1,
    source: newest?.source ?? '',
    steps: workflow.steps.map((step) => ({ ...step, condition: null, forEach: null, maxParallel: null })),
    usualDurationMs: ended.length > 0 ? 14_200 : null,
    successRate: ended.length > 0 ? ended.filter(({ status }) => status === 'COMPLETED').length / ended.length : null,
    recentJobs: ({ first }: { first?: number }) => jobs.slice(0, first ?? 10).map((job) => viewJob(world, job)),
  };
}

export function countsOf(jobs: readonly MockJob[]) {
  return STATUSES.map((status) => ({ status, count: jobs.filter((job) => job.status === status).length }));
}

function actionsOf({ status, cancelRequestedAt }: MockJob): string[] {
  if (cancelRequestedAt !== null && !ENDED.has(status)) return ['FORCE_CANCEL'];
  if (status === 'CREATED') return ['START', 'CANCEL', 'RERUN', 'DELETE', 'SET_PRIORITY'];
  if (status === 'QUEUED') return ['CANCEL', 'PAUSE', 'RERUN', 'SET_PRIORITY'];
  if (status === 'PAUSED') return ['RESUME', 'CANCEL', 'RERUN'];
  if (status === 'FAILED') return ['RESUME', 'RETRY', 'RERUN', 'FORK', 'DELETE'];
  if (ENDED.has(status)) return ['RERUN', 'FORK', 'DELETE', ...(status === 'CANCELLED' ? ['RETRY'] : [])];
  return ['CANCEL', 'PAUSE', 'RERUN'];
}

function durationOf({ startedAt, completedAt }: { startedAt: string | null; completedAt: string | null }) {
  return startedAt !== null && completedAt !== null
    ? Math.round(Date.parse(completedAt) - Date.parse(startedAt))
    : null;
}
