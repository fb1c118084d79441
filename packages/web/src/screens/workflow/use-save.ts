import { useState } from 'react';
import { useClient } from 'urql';
import { describeError, describeResult, type Failure } from '../../app/failure.ts';
import { SaveWorkflow } from './documents.ts';

interface Saved {
  slug: string;
  version: number;
  name: string;
}

export type SaveOutcome = { saved: Saved } | { conflict: string } | { failure: Failure };

/** Saves a source as the next version after the one that it was made from. */
export function useSave() {
  const client = useClient();
  const [sending, setSending] = useState(false);

  async function save(source: string, expectedVersion: number): Promise<SaveOutcome> {
    setSending(true);
    const { data, error } = await client.mutation(SaveWorkflow, { source, expectedVersion });
    setSending(false);
    if (!data) return { failure: describeError(error) };
    const result = data.saveWorkflow;
    if (result.__typename === 'Workflow') return { saved: result };
    if (result.__typename === 'Conflict') return { conflict: result.message };
    return { failure: describeResult(result) };
  }

  return { save, sending };
}
