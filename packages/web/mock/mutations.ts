import type { Simulation } from './simulation.ts';
import { viewJob, viewWorkflow } from './views.ts';
import { type MockJob, mockId } from './world.ts';

interface ById {
  id: string;
}

/** What people do to the mock world. Each of them answers as the API does: the thing, or why not. */
export function mutations(simulation: Simulation) {
  const { world } = simulation;

  function change(id: string, edit: (job: MockJob) => void) {
    const job = world.jobs.find((each) => each.id === id);
    if (!job) return { __typename: 'NotFound', message: 'There is no such job.', code: 'NOT_FOUND' };
    edit(job);
    simulation.tell(job);
    return viewJob(world, job);
  }

  function again(id: string) {
    const job = world.jobs.find((each) => each.id === id);
    const made = job && simulation.create(job.slug, job.input, { subject: job.subject, labels: job.labels });
    return made
      ? viewJob(world, made)
      : { __typename: 'NotFound', message: 'There is no such job.', code: 'NOT_FOUND' };
  }

  return {
    createJob: ({
      input,
    }: {
      input: {
        workflow: string;
        input?: Record<string, unknown>;
        subject?: string;
        labels?: string[];
        start?: boolean;
      };
    }) => {
      const { workflow, input: given = {}, subject = null, labels = [], start = true } = input;
      const missing = world.workflows.find(({ slug }) => slug === workflow)?.inputSchema.required;
      const absent = Array.isArray(missing) ? missing.map(String).filter((name) => given[name] === undefined) : [];
      if (absent.length > 0) {
        const issues = absent.map((name) => ({ path: `/${name}`, message: 'is required', line: null, column: null }));
        return {
          __typename: 'InvalidInput',
          message: 'The input does not fit the workflow.',
          code: 'INVALID_INPUT',
          issues,
        };
      }
      const job = simulation.create(workflow, given, { subject, labels, ...(!start && { status: 'CREATED' }) });
      return job
        ? viewJob(world, job)
        : { __typename: 'NotFound', message: 'There is no such workflow.', code: 'NOT_FOUND' };
    },
    startJob: ({ id }: ById) => change(id, (job) => (job.status = 'QUEUED')),
    cancelJob: ({ id }: ById) =>
      change(id, (job) => {
        job.cancelRequestedAt = new Date().toISOString();
        if (job.status !== 'RUNNING') job.status = 'CANCELLED';
      }),
    pauseJob: ({ id }: ById) =>
      change(id, (job) => {
        if (job.status === 'RUNNING') job.pauseRequestedAt = new Date().toISOString();
        else job.status = 'PAUSED';
      }),
    resumeJob: ({ id }: ById) => change(id, revive),
    retryJob: ({ id }: ById) => change(id, revive),
    rerunJob: ({ id }: ById) => again(id),
    forkJob: ({ id }: ById) => again(id),
    setJobPriority: ({ id, priority }: ById & Pick<MockJob, 'priority'>) =>
      change(id, (job) => (job.priority = priority)),
    deleteJob: ({ id }: ById) => {
      world.jobs = world.jobs.filter((job) => job.id !== id);
      return { __typename: 'DeletedJob', id };
    },
    saveWorkflow: ({ source }: { source: string }) => {
      const slug = /^slug:\s*(\S+)/m.exec(source)?.[1];
      const workflow = world.workflows.find((each) => each.slug === slug) ?? world.workflows[0];
      const version = (workflow?.versions[0]?.version ?? 0) + 1;
      workflow?.versions.unshift({ version, source, createdAt: new Date().toISOString() });
      return viewWorkflow(world, workflow);
    },
    saveInputTemplate: ({
      workflow,
      name,
      input,
    }: {
      workflow: string;
      name: string;
      input: Record<string, unknown>;
    }) => {
      const template = { id: mockId(), slug: workflow, name, input, updatedAt: new Date().toISOString() };
      world.templates = [...world.templates.filter((each) => each.slug !== workflow || each.name !== name), template];
      return { __typename: 'InputTemplate', ...template };
    },
    deleteInputTemplate: ({ id }: ById) => {
      world.templates = world.templates.filter((each) => each.id !== id);
      return { __typename: 'DeletedInputTemplate', id };
    },
  };
}

/** Lets a job go on from what has not completed. */
function revive(job: MockJob): void {
  job.status = 'QUEUED';
  job.completedAt = null;
  job.cancelRequestedAt = null;
  for (const step of job.steps) {
    if (step.status === 'COMPLETED') continue;
    Object.assign(step, { status: 'PENDING', startedAt: null, completedAt: null, error: null, takesMs: 2_000 });
  }
}
