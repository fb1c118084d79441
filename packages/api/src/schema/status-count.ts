import type { StatusCount as StatusCountShape } from '@signalbox/db/job-list';
import { builder } from '../builder.ts';
import { JobStatus } from './statuses.ts';

export const StatusCount = builder.objectRef<StatusCountShape>('StatusCount').implement({
  description: 'How many jobs are in a state.',
  fields: (t) => ({
    status: t.expose('status', { type: JobStatus, description: 'The state.' }),
    count: t.exposeInt('count', { description: 'How many of the jobs that match are in it.' }),
  }),
});
