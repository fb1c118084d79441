import { median, slowBeyond } from '@signalbox/core/usual-run';
import { builder } from '../builder.ts';
import type { Loaders } from '../loaders.ts';
import { Job } from './job.ts';

interface PacedJob {
  id: string;
  status: string;
  workflowId: string;
  workflowVersion: number;
}

const PACED = { id: true, status: true, workflowId: true, workflowVersion: true } as const;

builder.prismaObjectFields(Job, (t) => ({
  usualDurationMs: t.float({
    nullable: true,
    description:
      'How long workers usually hold a job of its workflow, in milliseconds: the median of the last 20 that completed. Null without such jobs.',
    complexity: 5,
    select: { workflowId: true, workflowVersion: true },
    resolve: async ({ workflowId, workflowVersion }, _args, { loaders }) => {
      const { runs } = await loaders.usualRuns.load({ workflowId, version: workflowVersion });
      return runs.length > 0 ? median(runs) : null;
    },
  }),
  slow: t.boolean({
    description:
      'Whether it is RUNNING for well longer than jobs of its workflow usually do: one and a half times what nearly all took, at least. Time in the queue and in waits does not count. Never with fewer than 5 completed jobs to compare it with.',
    complexity: 5,
    select: PACED,
    resolve: async (job, _args, { loaders }) => {
      const pace = await paceOf(job, loaders);
      return pace !== undefined && pace.heldMs > pace.slowMs;
    },
  }),
  slowAt: t.field({
    type: 'DateTime',
    nullable: true,
    description:
      'When it begins to be slow, or began to, if nothing interrupts it: clients can tell by their clock. Null unless it is RUNNING, and with fewer than 5 completed jobs to compare it with.',
    complexity: 5,
    select: PACED,
    resolve: async (job, _args, { loaders }) => {
      const pace = await paceOf(job, loaders);
      return pace ? new Date(pace.now + pace.slowMs - pace.heldMs) : null;
    },
  }),
}));

async function paceOf({ id, status, workflowId, workflowVersion }: PacedJob, loaders: Loaders) {
  if (status !== 'RUNNING') return undefined;
  const [usual, run] = await Promise.all([
    loaders.usualRuns.load({ workflowId, version: workflowVersion }),
    loaders.run.load(id),
  ]);
  const slowMs = slowBeyond(usual);
  return run && slowMs !== undefined ? { slowMs, heldMs: run.heldMs, now: run.now } : undefined;
}
