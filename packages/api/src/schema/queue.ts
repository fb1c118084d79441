import { type JobPriority as CoreJobPriority, JOB_PRIORITIES } from '@signalbox/core/statuses';
import { listQueues, type QueueRow } from '@signalbox/db/queues';
import { builder } from '../builder.ts';
import { JobPriority } from './statuses.ts';

const PriorityCount = builder.objectRef<{ priority: CoreJobPriority; count: number }>('PriorityCount').implement({
  description: 'How many jobs of one priority there are.',
  fields: (t) => ({
    priority: t.expose('priority', { type: JobPriority, description: 'The priority.' }),
    count: t.exposeInt('count', { description: 'Jobs of that priority.' }),
  }),
});

export const Queue = builder.objectRef<QueueRow>('Queue').implement({
  description: 'A named queue: jobs stand in it until a worker that serves it takes them.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, as workflows and SIGNALBOX_QUEUES give it.' }),
    queued: t.int({
      description: 'Its depth: how many jobs stand in it.',
      resolve: ({ queued }) => Object.values(queued).reduce((sum, count) => sum + count, 0),
    }),
    queuedByPriority: t.field({
      type: [PriorityCount],
      description: 'The same for each priority, the highest first.',
      resolve: ({ queued }) =>
        JOB_PRIORITIES.toReversed().map((priority) => ({ priority, count: queued[priority] ?? 0 })),
    }),
    oldestQueuedAt: t.expose('oldestQueuedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when the oldest of them stands in it; null when there is none.',
    }),
    running: t.exposeInt('running', { description: 'How many of its jobs are RUNNING.' }),
    waiting: t.exposeInt('waiting', { description: 'How many of its jobs are WAITING.' }),
    workers: t.exposeInt('workers', { description: 'How many healthy workers serve it.' }),
    slots: t.exposeInt('slots', { description: 'How many jobs these workers hold at most, `criticalSlots` left out.' }),
    criticalSlots: t.exposeInt('criticalSlots', {
      description: 'Their places on top of `slots` that only CRITICAL jobs take.',
    }),
    taken: t.exposeInt('taken', {
      description: 'How many jobs they hold now, of this and of other queues they serve.',
    }),
    medianWaitMs: t.exposeFloat('medianWaitMs', {
      nullable: true,
      description:
        'How long half of the jobs that were started lately had stood in it, in milliseconds; null when there are none.',
    }),
    p95WaitMs: t.exposeFloat('p95WaitMs', {
      nullable: true,
      description: 'How long all but one in twenty of them had stood in it, in milliseconds; null when there are none.',
    }),
  }),
});

builder.queryField('queues', (t) =>
  t.field({
    type: [Queue],
    description:
      'Every queue that has a job which is not final or a healthy worker, in the order of the alphabet: how deep it is and who serves it.',
    resolve: (_root, _args, { services, viewer }) => listQueues(services.db, viewer.tenantId, services.leaseSeconds),
  }),
);
