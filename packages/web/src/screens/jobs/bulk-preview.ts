import { offered } from '../../actions/actions.ts';
import type { ResultOf } from '../../app/graphql.ts';
import { jobLook } from '../../status/tone.ts';
import type { BulkAction } from './bulk.ts';
import type { JobRowFields } from './documents.ts';

type Job = ResultOf<typeof JobRowFields>;

/** What an action would come to, before it is done. */
export interface BulkPreview {
  /** The jobs that allow it now. */
  allowed: readonly Job[];
  /** Why the others do not, with how many there are of each. */
  refused: readonly { reason: string; count: number }[];
}

/** Sorts some jobs into those that allow an action and those that do not, as they say themselves. */
export function previewOf(jobs: readonly Job[], action: BulkAction): BulkPreview {
  const allowed: Job[] = [];
  const refused = new Map<string, number>();
  for (const job of jobs) {
    if (offered(job).some((other) => other === action)) {
      allowed.push(job);
      continue;
    }
    const reason = jobLook(job.status, job).word.toLowerCase();
    refused.set(reason, (refused.get(reason) ?? 0) + 1);
  }
  return { allowed, refused: [...refused].map(([reason, count]) => ({ reason, count })) };
}
