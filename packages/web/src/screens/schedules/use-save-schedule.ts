import { useState } from 'react';
import { useClient } from 'urql';
import { describeError, describeResult, type Failure } from '../../app/failure.ts';
import type { JsonObject } from '../../app/graphql.ts';
import { CreateSchedule, type Schedule, UpdateSchedule } from './documents.ts';
import type { ScheduleDraft } from './draft.ts';
import { requestOf } from './times.ts';

export type SaveOutcome =
  | { saved: Schedule }
  | { issues: readonly { path: string; message: string }[]; message: string }
  | { failure: Failure };

/** Sends a schedule, a new one or one that is changed as a whole. Whether it is on stays as it is. */
export function useSaveSchedule(schedule: Schedule | undefined) {
  const client = useClient();
  const [sending, setSending] = useState(false);

  async function send(draft: ScheduleDraft, workflow: string, given: JsonObject) {
    const input = {
      ...requestOf(draft.times),
      name: draft.name.trim(),
      workflow,
      input: given,
      priority: draft.options.priority,
      subject: draft.options.subject.trim() || null,
      labels: draft.options.labels,
    };
    if (!schedule) {
      const { data, error } = await client.mutation(CreateSchedule, { input });
      return { result: data?.createSchedule, error };
    }
    const { id, active } = schedule;
    const { data, error } = await client.mutation(UpdateSchedule, { id, input: { ...input, active } });
    return { result: data?.updateSchedule, error };
  }

  async function save(draft: ScheduleDraft, workflow: string, given: JsonObject): Promise<SaveOutcome> {
    setSending(true);
    const { result, error } = await send(draft, workflow, given);
    setSending(false);
    if (!result) return { failure: describeError(error) };
    if (result.__typename === 'Schedule') return { saved: result };
    if (result.__typename === 'InvalidInput') return { issues: result.issues, message: result.message };
    return { failure: describeResult(result) };
  }

  return { save, sending };
}
