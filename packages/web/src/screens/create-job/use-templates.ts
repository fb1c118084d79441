import { useState } from 'react';
import { useClient } from 'urql';
import { describeError, describeResult } from '../../app/failure.ts';
import type { JsonObject } from '../../app/graphql.ts';
import { tellDone, tellFailure } from '../../app/tell.tsx';
import { DeleteInputTemplate, SaveInputTemplate } from './documents.ts';
import type { JobOptions } from './draft.ts';

/** Saves and deletes templates, and says how it went. */
export function useTemplates(workflow: string) {
  const client = useClient();
  const [sending, setSending] = useState(false);

  /** @returns what was wrong, or undefined when it is saved */
  async function save(name: string, input: JsonObject, options: JobOptions): Promise<string | undefined> {
    setSending(true);
    const { data, error } = await client.mutation(SaveInputTemplate, {
      workflow,
      name,
      input,
      priority: options.priority,
      subject: options.subject.trim() || undefined,
      labels: options.labels,
    });
    setSending(false);
    if (!data) return describeError(error).title;
    const result = data.saveInputTemplate;
    if (result.__typename !== 'InputTemplate') return describeResult(result).message;
    tellDone('Template saved', result.name);
    return undefined;
  }

  async function remove(id: string, name: string): Promise<void> {
    const { data, error } = await client.mutation(DeleteInputTemplate, { id });
    const result = data?.deleteInputTemplate;
    if (result?.__typename === 'DeletedInputTemplate') return tellDone('Template deleted', name);
    const failure = result ? describeResult(result) : describeError(error);
    tellFailure(failure.title, failure.message);
  }

  return { save, remove, sending };
}
