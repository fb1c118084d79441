import type { JobPriority } from '../app/graphql.ts';

export const PRIORITY_WORDS: Record<JobPriority, string> = {
  CRITICAL: 'Critical',
  HIGH: 'High',
  MEDIUM: 'Medium',
  LOW: 'Low',
};

/** Most urgent first. */
export const PRIORITIES: readonly JobPriority[] = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'];
