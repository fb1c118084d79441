import { lookAtQueues, type QueueSight } from '@signalbox/db/diagnosis';
import { lookAtWaits } from '@signalbox/db/wait-sights';
import DataLoader from 'dataloader';
import { builder } from '../builder.ts';
import { reasonOf } from '../wait-reasons.ts';
import { Job } from './job.ts';

const REASONS = {
  START: { description: 'It was created without starting: somebody has to start it.' },
  RESUME: { description: 'It is paused: somebody has to resume it.' },
  WORKER: { description: 'No healthy worker serves its queue.' },
  STEP_TYPE: { description: 'No healthy worker of its queue has the type of one of its steps.' },
  SLOT: { description: 'All workers of its queue hold as many jobs as they may.' },
  TURN: { description: 'A worker has room; it is taken in a moment, or after those before it.' },
  APPROVAL: { description: 'One of its steps waits for somebody to approve or to reject.' },
  TIME: { description: 'One of its steps waits for a time.' },
  RETRY: { description: 'One of its steps failed and is tried again later.' },
  JOB: { description: 'One of its steps waits for the end of another job.' },
  STEP: { description: 'All of it that can run now waits: for a time, an approval or another job.' },
} as const;

const WaitReason = builder.enumType('WaitReason', {
  description: 'What kind of thing a job waits for.',
  values: REASONS,
});

interface Wait {
  reason: keyof typeof REASONS;
  message: string;
}

const WaitingFor = builder.objectRef<Wait>('WaitingFor').implement({
  description: 'Why a job does not run now.',
  fields: (t) => ({
    reason: t.expose('reason', { type: WaitReason, description: 'What kind of thing it waits for.' }),
    message: t.exposeString('message', {
      description: 'The same in words, with names and numbers, for people to read.',
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
      return inQueue(sight);
    default:
      return null;
  }
}

function inQueue({ ahead, missingTypes, queue, slots, taken, workers }: QueueSight): Wait {
  const before = ahead === 0 ? 'It is the next' : `${ahead} ${ahead === 1 ? 'job comes' : 'jobs come'} before it`;
  if (workers === 0) {
    return { reason: 'WORKER', message: `No healthy worker serves the queue "${queue}". Start one. ${before}.` };
  }
  if (missingTypes.length > 0) {
    const types = missingTypes.map((type) => `"${type}"`).join(', ');
    const message = `No healthy worker of the queue "${queue}" has the step type ${types}. Load its plugin by SIGNALBOX_PLUGINS.`;
    return { reason: 'STEP_TYPE', message };
  }
  if (taken >= slots) {
    return {
      reason: 'SLOT',
      message: `No slot of the queue "${queue}" is free: ${taken} of ${slots} are taken. ${before}.`,
    };
  }
  return { reason: 'TURN', message: `A worker of the queue "${queue}" has room. ${before}.` };
}
