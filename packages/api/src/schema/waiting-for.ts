import { lookAtQueues, MOST_AHEAD, MOST_JOBS, type QueueSight } from '@signalbox/db/queue-sight';
import { lookAtWaits } from '@signalbox/db/wait-sights';
import DataLoader from 'dataloader';
import { builder } from '../builder.ts';
import { reasonOf } from '../wait-reasons.ts';
import { Job } from './job.ts';
import { loadJobs } from './jobs-by-id.ts';

const REASONS = {
  START: { description: 'The job was created without starting: somebody has to start it.' },
  RESUME: { description: 'The job is paused, or about to be: somebody has to resume it.' },
  WORKER: { description: 'No healthy worker serves the queue of the job.' },
  STEP_TYPE: { description: 'No healthy worker of its queue has the type of one of its steps.' },
  CONCURRENCY_KEY: { description: 'As many jobs with the same concurrency key run as may run beside each other.' },
  PRIORITY: { description: 'All slots are taken, and jobs of a higher priority come before it.' },
  SLOT: { description: 'All workers of its queue hold as many jobs as they may.' },
  TURN: { description: 'There is room: it is taken in a moment, or after those before it.' },
  APPROVAL: { description: 'The step, or one of the job, waits for somebody to approve or to reject.' },
  TIME: { description: 'The step, or one of the job, waits for a time.' },
  RETRY: { description: 'The step, or one of the job, failed and is tried again later.' },
  JOB: { description: 'The step, or one of the job, waits for the end of another job.' },
  STEP: { description: 'All of the job that can run now waits: for a time, an approval or another job.' },
  JOB_NOT_RUNNING: { description: 'The step could run, but its job does not: `job.waitingFor` tells why.' },
  NEEDS: { description: 'Steps that the step needs are not settled yet.' },
  PARALLEL: { description: 'As many items of the list, or steps of the job, run as may run beside each other.' },
} as const;

const WaitReason = builder.enumType('WaitReason', {
  description: 'What kind of thing a job or a step waits for.',
  values: REASONS,
});

export interface Wait {
  reason: keyof typeof REASONS;
  message: string;
  /** Ids of jobs that stand in the way. */
  jobs?: string[];
  jobsAhead?: number;
  until?: Date;
  stepKeys?: string[];
  stepTypes?: string[];
  concurrencyKey?: string | null;
  limit?: number | null;
}

export const WaitingFor = builder.objectRef<Wait>('WaitingFor').implement({
  description: 'Why a job or a step does not run now.',
  fields: (t) => ({
    reason: t.expose('reason', { type: WaitReason, description: 'What kind of thing it waits for.' }),
    message: t.exposeString('message', {
      description: 'The same in words, with names and numbers, for people to read.',
    }),
    jobs: t.field({
      type: [Job],
      description: `The jobs that hold what it waits for, such as the slots or the concurrency key, the oldest first; at most ${MOST_JOBS}.`,
      complexity: { field: 1, multiplier: 3 },
      resolve: ({ jobs = [] }, _args, context, info) => loadJobs(jobs, context, info),
    }),
    jobsAhead: t.exposeInt('jobsAhead', {
      nullable: true,
      description: `How many queued jobs are taken before it, by priority and age; ${MOST_AHEAD} stands for that many or more. Null unless it stands in a queue.`,
    }),
    until: t.expose('until', {
      type: 'DateTime',
      nullable: true,
      description: 'When it goes on by itself, at the latest; null when that is not known.',
    }),
    stepKeys: t.stringList({
      description: 'Keys of the steps it waits for.',
      resolve: ({ stepKeys }) => stepKeys ?? [],
    }),
    stepTypes: t.stringList({
      description: 'The step types that no worker has.',
      resolve: ({ stepTypes }) => stepTypes ?? [],
    }),
    concurrencyKey: t.exposeString('concurrencyKey', {
      nullable: true,
      description: 'The key whose places are taken; null when it waits for something else.',
    }),
    limit: t.exposeInt('limit', {
      nullable: true,
      description: 'How many may run beside each other, or hold a slot; null when it waits for something else.',
    }),
  }),
});

builder.objectField(Job, 'waitingFor', (t) =>
  t.field({
    type: WaitingFor,
    nullable: true,
    description: 'Why it does not run now; null while it runs and when it is final.',
    complexity: 20,
    resolve: async ({ id }, _args, { loaders, services, viewer }, info) => {
      const loader = loaders.forField(
        info,
        () =>
          new DataLoader<string, Wait | null, string>(async (ids) => {
            const [sights, waits] = await Promise.all([
              lookAtQueues(services.db, viewer.tenantId, ids, services.leaseSeconds),
              lookAtWaits(services.db, viewer.tenantId, ids),
            ]);
            return ids.map((one) => reasonOf(waits.get(one) ?? []) ?? waitOf(sights.get(one)));
          }),
      );
      return loader.load(id);
    },
  }),
);

function waitOf(sight: QueueSight | undefined): Wait | null {
  switch (sight?.status) {
    case 'CREATED':
      return { reason: 'START', message: 'It was created without starting. Start it.' };
    case 'PAUSED':
      return { reason: 'RESUME', message: 'It is paused. Resume it.' };
    case 'WAITING':
      return { reason: 'STEP', message: 'All of it that can run now waits for a time, an approval or another job.' };
    case 'QUEUED':
      return { ...inQueue(sight), jobsAhead: sight.ahead };
    default:
      return null;
  }
}

function inQueue(sight: QueueSight): Wait {
  const { concurrencyKey, concurrencyLimit, keyRunning, missingTypes, queue, slots, taken, workers } = sight;
  const before = beforeIt(sight);
  if (workers === 0) {
    return { reason: 'WORKER', message: `No healthy worker serves the queue "${queue}". Start one. ${before}` };
  }
  if (missingTypes.length > 0) {
    const types = missingTypes.map((type) => `"${type}"`).join(', ');
    const message = `No healthy worker of the queue "${queue}" has the step type ${types}. Load its plugin by SIGNALBOX_PLUGINS.`;
    return { reason: 'STEP_TYPE', message, stepTypes: missingTypes };
  }
  if (concurrencyKey !== null && concurrencyLimit !== null && keyRunning >= concurrencyLimit) {
    const message = `${keyRunning} of ${concurrencyLimit} jobs with the concurrency key "${concurrencyKey}" run. ${before}`;
    return { reason: 'CONCURRENCY_KEY', message, jobs: sight.keyHolders, concurrencyKey, limit: concurrencyLimit };
  }
  if (taken >= slots) {
    const message = `No slot of the queue "${queue}" is free: ${taken} of ${slots} are taken. ${before}`;
    return { reason: sight.aheadByPriority > 0 ? 'PRIORITY' : 'SLOT', message, jobs: sight.holders, limit: slots };
  }
  return { reason: 'TURN', message: `A worker of the queue "${queue}" has room. ${before}` };
}

function beforeIt({ ahead, aheadByPriority }: QueueSight): string {
  if (ahead === 0) return 'It is the next.';
  const many =
    ahead >= MOST_AHEAD ? `${MOST_AHEAD} or more jobs come` : ahead === 1 ? '1 job comes' : `${ahead} jobs come`;
  if (aheadByPriority === 0) return `${many} before it.`;
  if (aheadByPriority === ahead) return `${many} before it by a higher priority.`;
  return `${many} before it, ${aheadByPriority} of them by a higher priority.`;
}
