/** Subjects, for grids that show how each of many things stands: a row for each, a column for each workflow. */
import type { JobStatus } from '@signalbox/core/statuses';
import { countSubjects, listSubjects, readStages, type StageRow } from '@signalbox/db/subjects';
import { builder } from '../builder.ts';
import { decodeTextCursor, encodeTextCursor } from '../cursors.ts';
import { connectionType, pageOf, withoutSurplus } from './connection.ts';
import { Job } from './job.ts';
import { loadJobs } from './jobs-by-id.ts';
import { pageCost, readPageArgs } from './paging.ts';

const LIMITS = { usual: 50, most: 200 };

const SubjectStatus = builder.enumType('SubjectStatus', {
  description: 'How a subject, or one of its stages, stands.',
  values: {
    NOT_RUN: { description: 'Nothing was run, or it was cancelled.' },
    RUNNING: { description: 'A job is under way: queued, running, waiting or paused.' },
    DONE: { description: 'The newest job completed.' },
    FAILED: { description: 'The newest job failed.' },
  } as const,
});
type Status = typeof SubjectStatus.$inferType;

const STAGE_STATUS: Record<JobStatus, Status> = {
  CREATED: 'NOT_RUN',
  QUEUED: 'RUNNING',
  RUNNING: 'RUNNING',
  WAITING: 'RUNNING',
  PAUSED: 'RUNNING',
  COMPLETED: 'DONE',
  FAILED: 'FAILED',
  CANCELLED: 'NOT_RUN',
};

/** What is under way comes before what went wrong, and that before what is done. */
const FIRST: readonly Status[] = ['RUNNING', 'FAILED', 'DONE'];

interface SubjectRow {
  name: string;
  stages: StageRow[];
}

const SubjectStage = builder.objectRef<StageRow>('SubjectStage').implement({
  description: 'A workflow that was run about a subject.',
  fields: (t) => ({
    workflow: t.exposeString('workflowSlug', { description: 'The slug of the workflow.' }),
    status: t.field({
      type: SubjectStatus,
      description: 'How its newest job stands.',
      resolve: ({ status }) => STAGE_STATUS[status],
    }),
    lastJob: t.field({
      type: Job,
      nullable: true,
      description: 'The newest job of the workflow about the subject; null when it was deleted just now.',
      resolve: async ({ jobId }, _args, context, info) => (await loadJobs([jobId], context, info))[0] ?? null,
    }),
  }),
});

const Subject = builder.objectRef<SubjectRow>('Subject').implement({
  description:
    'Something that jobs are about, by the name that they give as their `subject`. To follow one live, subscribe to `jobUpdated(filter: { subject: … })`.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    status: t.field({
      type: SubjectStatus,
      description:
        'RUNNING when one of its stages runs, else FAILED when one failed, else DONE when one is done, else NOT_RUN.',
      resolve: ({ stages }) => {
        const all = new Set(stages.map(({ status }) => STAGE_STATUS[status]));
        return FIRST.find((status) => all.has(status)) ?? 'NOT_RUN';
      },
    }),
    stages: t.field({
      type: [SubjectStage],
      description: 'The workflows that were run about it, in the order of their slugs, each with its newest job.',
      complexity: { field: 1, multiplier: 5 },
      resolve: ({ stages }) => stages,
    }),
  }),
});

const SubjectConnection = connectionType('Subject', Subject, 'subjects');

builder.queryField('subjects', (t) =>
  t.field({
    type: SubjectConnection,
    description: 'What jobs are about, in the order of the names, with the newest job of each workflow.',
    args: {
      first: t.arg.int({ description: `So many, at most ${LIMITS.most}; ${LIMITS.usual} unless told.` }),
      after: t.arg.string({ description: 'Cursor of a subject of this list: only what comes behind it.' }),
      search: t.arg.string({ description: 'Only those with this text in their name, in any case.' }),
    },
    complexity: pageCost(LIMITS),
    resolve: async (_root, { search = null, ...args }, { services, viewer }) => {
      const request = readPageArgs(args, LIMITS);
      const after = request.after === undefined ? null : decodeTextCursor(request.after, 'subjects');
      const names = await listSubjects(services.db, viewer.tenantId, { after, search, limit: request.limit + 1 });
      const page = withoutSurplus(names, request);
      const stages = await readStages(services.db, viewer.tenantId, page.rows);
      const edges = page.rows.map((name) => ({
        cursor: encodeTextCursor(name),
        node: { name, stages: stages.get(name) ?? [] },
      }));
      return pageOf(edges, page.more, request, () => countSubjects(services.db, viewer.tenantId, search));
    },
  }),
);

builder.queryField('subject', (t) =>
  t.field({
    type: Subject,
    nullable: true,
    description: 'One subject by its name; null when no job is about it.',
    args: { name: t.arg.string({ required: true, description: 'Its name, exactly.' }) },
    complexity: 5,
    resolve: async (_root, { name }, { services, viewer }) => {
      const stages = (await readStages(services.db, viewer.tenantId, [name])).get(name);
      return stages ? { name, stages } : null;
    },
  }),
);
