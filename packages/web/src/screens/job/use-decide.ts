import { useState } from 'react';
import { useClient } from 'urql';
import { describeError, describeResult, type Failure } from '../../app/failure.ts';
import type { JsonObject } from '../../app/graphql.ts';
import { DecideApproval } from './step-documents.ts';

export interface Decision {
  approve: boolean;
  comment: string;
  form?: JsonObject;
}

export type DecideOutcome =
  | { done: true }
  | { issues: readonly { path: string; message: string }[]; message: string }
  | { failure: Failure };

/** Sends what was decided about a step that waits. */
export function useDecide(jobId: string, stepKey: string) {
  const client = useClient();
  const [sending, setSending] = useState<'approve' | 'reject'>();

  async function decide({ approve, comment, form }: Decision): Promise<DecideOutcome> {
    setSending(approve ? 'approve' : 'reject');
    const variables = { jobId, stepKey, approve, comment: comment.trim() || undefined, form };
    const { data, error } = await client.mutation(DecideApproval, variables);
    setSending(undefined);
    if (!data) return { failure: describeError(error) };
    const result = data.decideApproval;
    if (result.__typename === 'Job') return { done: true };
    if (result.__typename === 'InvalidInput') return { issues: result.issues, message: result.message };
    return { failure: describeResult(result) };
  }

  return { decide, sending };
}
