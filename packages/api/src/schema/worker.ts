import { GONE_WORKERS_MINUTES, listWorkers, type WorkerRow } from '@signalbox/db/workers';
import { builder } from '../builder.ts';
import { Job } from './job.ts';
import { loadJobs } from './jobs-by-id.ts';

export const Worker = builder.objectRef<WorkerRow>('Worker').implement({
  description: 'An executor process: it takes jobs of all tenants from the queues it serves and runs their steps.',
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
    runningJobs: t.exposeInt('runningJobs', { description: 'How many jobs it holds now, of all tenants.' }),
    concurrency: t.exposeInt('concurrency', {
      description: 'How many jobs it holds at most, `criticalSlots` left out.',
    }),
    criticalSlots: t.exposeInt('criticalSlots', {
      description: 'Its places on top of `concurrency` that only CRITICAL jobs take.',
    }),
    jobs: t.field({
      type: [Job],
      description: "Those jobs of the caller's tenant that it holds now, the oldest first; at most 100.",
      complexity: { field: 1, multiplier: 10 },
      resolve: ({ jobs }, _args, context, info) => loadJobs(jobs, context, info),
    }),
    stepTypes: t.exposeStringList('stepTypes', {
      description: 'The step types it can run, in the order of the alphabet.',
    }),
    version: t.exposeString('version', {
      nullable: true,
      description: 'The version of Signalbox that it runs; null when that was too old to tell.',
    }),
    host: t.exposeString('host', { nullable: true, description: 'The name of its machine.' }),
    pid: t.exposeInt('pid', { nullable: true, description: 'Its process id on that machine.' }),
    cpus: t.exposeInt('cpus', { nullable: true, description: 'How many processors its machine gives it.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it started.' }),
    stoppedAt: t.expose('stoppedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it stopped politely; null while it runs, and when it vanished.',
    }),
    rssBytes: t.expose('rssBytes', {
      type: 'BigInt',
      nullable: true,
      description:
        'The memory of the worker process, in bytes, as of its last heartbeat; the programs of steps are not in it.',
    }),
    cpuPercent: t.exposeFloat('cpuPercent', {
      nullable: true,
      description:
        'The processor time of the worker process between its last two heartbeats: 100 is one processor. The programs of steps are not in it.',
    }),
    loadAverage: t.exposeFloat('loadAverage', {
      nullable: true,
      description: 'The load of its machine over a minute, as of its last heartbeat.',
    }),
  }),
});

builder.queryField('workers', (t) =>
  t.field({
    type: [Worker],
    description: `The workers, the healthy ones first, then by name. Those that stopped or vanished are listed for another ${GONE_WORKERS_MINUTES} minutes.`,
    resolve: (_root, _args, { services, viewer }) => listWorkers(services.db, viewer.tenantId, services.leaseSeconds),
  }),
);
