import type { JobFilter as JobFilterShape } from '@signalbox/db/job-filter';
import { builder } from '../builder.ts';
import { JobPriority, JobStatus } from './statuses.ts';

export const JobFilter = builder.inputRef<JobFilterShape>('JobFilter').implement({
  description: 'Which jobs; everything given must hold, and an empty list is no restriction.',
  fields: (t) => ({
    status: t.field({ type: [JobStatus], description: 'In one of these states.' }),
    workflow: t.stringList({ description: 'Of one of these workflows, by slug.' }),
    search: t.string({
      description:
        'With this text in the name or slug of the workflow or in the subject, in any case; or with an id that begins or ends with it (3 characters or more).',
    }),
    subject: t.string({ description: 'About exactly this.' }),
    labels: t.stringList({ description: 'With all of these labels.' }),
    priority: t.field({ type: [JobPriority], description: 'With one of these priorities.' }),
    createdAfter: t.field({ type: 'DateTime', description: 'Created later than this.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Created earlier than this.' }),
  }),
});
