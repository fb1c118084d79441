import type { ReactNode } from 'react';
import { formatKnownCost } from '../../app/money.ts';
import { PRIORITY_WORDS } from '../../status/priority.ts';
import { formatDuration } from '../../time/duration.ts';
import { Elapsed } from '../../time/elapsed.tsx';
import { Exact } from '../../time/exact.tsx';
import { queueTime } from '../../time/queue-time.ts';
import type { Compared } from './documents.ts';

export interface Fact {
  label: string;
  show: (job: Compared) => ReactNode;
  /** What has to be the same for two jobs to be alike in it; undefined for what is never the same. */
  same?: (job: Compared) => unknown;
}

/** What is told of each job, apart from its input, output and steps. */
export const FACTS: readonly Fact[] = [
  {
    label: 'Version',
    show: (job) => `v${job.workflowVersion}`,
    same: (job) => [job.workflow.slug, job.workflowVersion],
  },
  { label: 'Subject', show: ({ subject }) => subject ?? '–', same: ({ subject }) => subject },
  { label: 'Labels', show: ({ labels }) => labels.join(', ') || '–', same: ({ labels }) => labels },
  { label: 'Priority', show: ({ priority }) => PRIORITY_WORDS[priority], same: ({ priority }) => priority },
  { label: 'Created', show: ({ createdAt }) => <Exact at={createdAt} /> },
  {
    label: 'Time in the queue',
    show: (job) => {
      const waited = queueTime(job);
      return waited === undefined ? '–' : formatDuration(waited);
    },
  },
  { label: 'Duration', show: (job) => <Elapsed of={job} running={job.status === 'RUNNING'} /> },
  {
    label: 'Cost',
    show: ({ cost }) => formatKnownCost(cost),
    same: ({ cost }) => [String(cost.microUsd), cost.complete],
  },
  {
    label: 'Tokens',
    show: ({ cost: { inputTokens, outputTokens } }) =>
      Number(inputTokens) + Number(outputTokens) === 0
        ? '–'
        : `${Number(inputTokens).toLocaleString('en')} in, ${Number(outputTokens).toLocaleString('en')} out`,
    same: ({ cost }) => [String(cost.inputTokens), String(cost.outputTokens)],
  },
  {
    label: 'Peak memory',
    show: ({ peakMemoryBytes }) => (peakMemoryBytes === null ? '–' : `${Math.round(Number(peakMemoryBytes) / 1e6)} MB`),
  },
  { label: 'Processor time', show: ({ cpuMs }) => (cpuMs === null ? '–' : formatDuration(Number(cpuMs))) },
  {
    label: 'Error',
    show: ({ error }) => (error ? `${error.category}: ${error.message}` : '–'),
    same: ({ error }) => [error?.category, error?.message],
  },
];
