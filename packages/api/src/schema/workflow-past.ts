import { median } from '@signalbox/core/usual-run';
import { JOBS_LOOKED_AT, MOST_RECENT } from '@signalbox/db/workflow-past';
import { builder } from '../builder.ts';
import { Job } from './job.ts';
import { loadJobs } from './jobs-by-id.ts';
import { pageCost, readPageArgs } from './paging.ts';
import { Workflow } from './workflow.ts';

const LIMITS = { usual: 10, most: MOST_RECENT };

builder.prismaObjectFields(Workflow, (t) => ({
  recentJobs: t.field({
    type: [Job],
    description: 'Its newest jobs, the newest first.',
    args: { first: t.arg.int({ description: `So many, at most ${LIMITS.most}; ${LIMITS.usual} unless told.` }) },
    complexity: pageCost(LIMITS),
    select: { slug: true },
    resolve: async ({ slug }, args, context, info) => {
      const { limit } = readPageArgs(args, LIMITS);
      const { jobIds } = await context.loaders.workflowPast.load(slug);
      return loadJobs(jobIds.slice(0, limit), context, info);
    },
  }),
  successRate: t.float({
    nullable: true,
    description: `Which part of its newest ${JOBS_LOOKED_AT} jobs completed, from 0 to 1; only those count that completed or failed. Null without such jobs.`,
    complexity: 5,
    select: { slug: true },
    resolve: async ({ slug }, _args, { loaders }) => {
      const { completed, failed } = await loaders.workflowPast.load(slug);
      return completed + failed > 0 ? completed / (completed + failed) : null;
    },
  }),
  usualDurationMs: t.float({
    nullable: true,
    description:
      'How long workers usually hold a job of it, in milliseconds: the median of the last 20 that completed. Null without such jobs.',
    complexity: 5,
    select: { id: true, currentVersion: true },
    resolve: async ({ id, currentVersion }, _args, { loaders }) => {
      const { runs } = await loaders.usualRuns.load({ workflowId: id, version: currentVersion });
      return runs.length > 0 ? median(runs) : null;
    },
  }),
}));
