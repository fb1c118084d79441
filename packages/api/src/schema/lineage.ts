/** Where a job comes from, and what was made from it. */
import { type JobRelation as JobRelationShape, type Lineage, readLineage } from '@signalbox/db/lineage';
import { builder } from '../builder.ts';
import { Job } from './job.ts';
import { loadJobs } from './jobs-by-id.ts';

const MOST_RELATIVES = 100;

const JobRelationKind = builder.enumType('JobRelationKind', {
  description: 'What the younger one of two jobs is to the older one.',
  values: {
    RERUN: { description: 'The same again: made by `rerunJob`.' },
    FORK: { description: 'The same from some step on: made by `forkJob`.' },
    CHILD: { description: 'A step of the older one runs it: made by a `workflow` step.' },
  } as const,
});

const JobRelation = builder.objectRef<JobRelationShape>('JobRelation').implement({
  description: 'A job that another one comes from, or that was made from it.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    kind: t.expose('kind', { type: JobRelationKind, description: 'How it and the job `of` are related.' }),
    of: t.exposeID('of', { description: 'The id of the job next to it on the way to the one that was asked for.' }),
    distance: t.exposeInt('distance', { description: 'How many such steps it is away, from 1.' }),
    job: t.field({
      type: Job,
      nullable: true,
      description: 'The job itself; null when it was deleted just now.',
      resolve: async ({ id }, _args, context, info) => (await loadJobs([id], context, info))[0] ?? null,
    }),
  }),
});

const relatives = { field: 1, multiplier: 10 };

const JobLineage = builder.objectRef<Lineage>('JobLineage').implement({
  description: 'The family of a job. Deleted jobs and what is known only by them are missing.',
  fields: (t) => ({
    ancestors: t.field({
      type: [JobRelation],
      description: `The jobs that it comes from, the nearest first; at most ${MOST_RELATIVES}.`,
      complexity: relatives,
      resolve: ({ ancestors }) => ancestors,
    }),
    descendants: t.field({
      type: [JobRelation],
      description: `The jobs that were made from it and from these, the nearest first; at most ${MOST_RELATIVES}.`,
      complexity: relatives,
      resolve: ({ descendants }) => descendants,
    }),
    truncated: t.exposeBoolean('truncated', {
      description: `Whether there are more than ${MOST_RELATIVES} of either.`,
    }),
  }),
});

builder.prismaObjectField(Job, 'lineage', (t) =>
  t.field({
    type: JobLineage,
    description: 'Where it comes from and what was made from it: reruns, forks, and the jobs that steps run.',
    complexity: 10,
    select: { id: true },
    resolve: ({ id }, _args, { services, viewer }) => readLineage(services.db, viewer.tenantId, id, MOST_RELATIVES),
  }),
);
