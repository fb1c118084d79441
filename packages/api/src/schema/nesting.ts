/** Jobs within jobs, both ways. */
import { builder } from '../builder.ts';
import { Job } from './job.ts';
import { JobStep } from './job-step.ts';

builder.prismaObjectFields(Job, (t) => ({
  parent: t.relation('parent', {
    nullable: true,
    description: 'The job whose step made this one; null when it was made otherwise or that job was deleted.',
  }),
  parentStep: t.relation('parentStep', {
    nullable: true,
    description: 'The step of the parent that made it, and waits for its end; null when there is no parent.',
  }),
}));

builder.prismaObjectFields(JobStep, (t) => ({
  childJob: t.field({
    type: Job,
    nullable: true,
    description:
      'The job that it runs, when it is a `workflow` step: that of its newest attempt. Null until it is made, and when it was deleted.',
    select: (_args, _context, nestedSelection) => ({
      children: nestedSelection({ orderBy: { id: 'desc' }, take: 1 }),
    }),
    resolve: ({ children }) => children[0] ?? null,
  }),
}));
