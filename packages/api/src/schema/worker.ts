import { listWorkers, type WorkerRow } from '@signalbox/db/workers';
import { builder } from '../builder.ts';

const Worker = builder.objectRef<WorkerRow>('Worker').implement({
  description: 'An executor process: it takes jobs from the queues it serves and runs their steps.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'UUIDv7 of this run of the process; a restart is a new worker.' }),
    name: t.exposeString('name', {
      description: 'Its name, the host name unless set otherwise; several workers may share one.',
    }),
    queues: t.exposeStringList('queues', { description: 'The queues it takes jobs from.' }),
    healthy: t.exposeBoolean('healthy', {
      description: 'Whether it has not stopped and its last heartbeat is younger than the lease.',
    }),
    lastSeenAt: t.expose('lastSeenAt', {
      type: 'DateTime',
      description: 'Its last heartbeat, by the clock of the database.',
    }),
    runningJobs: t.exposeInt('runningJobs', { description: 'How many jobs it holds now.' }),
    concurrency: t.exposeInt('concurrency', { description: 'How many jobs it holds at most.' }),
    stepTypes: t.exposeStringList('stepTypes', {
      description: 'The step types it can run, in the order of the alphabet.',
    }),
  }),
});

builder.queryField('workers', (t) =>
  t.field({
    type: [Worker],
    description: 'The workers that were seen within the last hour, the healthy ones first, then by name.',
    resolve: (_root, _args, { services, viewer }) => listWorkers(services.db, viewer.tenantId, services.leaseSeconds),
  }),
);
