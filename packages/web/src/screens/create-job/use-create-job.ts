import { useRef, useState } from 'react';
import { useClient } from 'urql';
import { describeError, describeResult, type Failure } from '../../app/failure.ts';
import type { JsonObject } from '../../app/graphql.ts';
import { CreateJob } from './documents.ts';
import { type JobOptions, newIdempotencyKey } from './draft.ts';

interface Created {
  id: string;
  workflow: { name: string };
}

export type CreateOutcome =
  | { created: Created }
  | { issues: readonly { path: string; message: string }[]; message: string }
  | { failure: Failure };

/** Sends a new job. The same job sent again, after a failure of the network say, is not made twice. */
export function useCreateJob() {
  const client = useClient();
  const [sending, setSending] = useState(false);
  const last = useRef({ body: '', key: '' });

  async function create(workflow: string, input: JsonObject, options: JobOptions): Promise<CreateOutcome> {
    const job = {
      workflow,
      input,
      priority: options.priority,
      start: options.start,
      subject: options.subject.trim() || undefined,
      labels: options.labels.length > 0 ? options.labels : undefined,
    };
    const body = JSON.stringify(job);
    if (last.current.body !== body) last.current = { body, key: newIdempotencyKey() };

    setSending(true);
    const { data, error } = await client.mutation(CreateJob, { input: { ...job, idempotencyKey: last.current.key } });
    setSending(false);

    if (!data) return { failure: describeError(error) };
    const result = data.createJob;
    if (result.__typename === 'Job') {
      last.current = { body: '', key: '' };
      return { created: result };
    }
    if (result.__typename === 'InvalidInput') return { issues: result.issues, message: result.message };
    return { failure: describeResult(result) };
  }

  return { create, sending };
}
