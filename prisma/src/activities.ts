/** What steps do inside themselves: turns of models and calls of tools, each a row that its attempt begins and ends. */
import type { Json } from '@signalbox/core/json';
import type { PoolClient } from 'pg';
import type { AttemptOwner } from './attempt-owner.ts';
import type { Database } from './client.ts';
import { storableJson } from './storable.ts';

export type ActivityKind = 'MODEL_TURN' | 'TOOL_CALL';
export type ActivityStatus = 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED';

/** An activity as it is now. Amounts are texts, since JSON has no exact large numbers; null is not known. */
export interface ActivityRecord {
  id: string;
  parentId: string | null;
  kind: ActivityKind;
  name: string;
  /** Told once, when it begins. */
  input: Json;
  status: ActivityStatus;
  output: Json;
  error: string | null;
  microUsd: string | null;
  inputTokens: string | null;
  outputTokens: string | null;
  partial: boolean;
  /** As ISO texts. */
  startedAt: string;
  completedAt: string | null;
}

/** Stores activities that began, or ended since. False when the job was lost: nothing was stored. Repeating it is harmless. */
export async function recordActivities(
  db: Database,
  { attempt, epoch, jobId, stepId }: AttemptOwner,
  activities: readonly ActivityRecord[],
): Promise<boolean> {
  const { rows } = await db.pool.query({
    name: 'record-activities',
    text: RECORD_ACTIVITIES,
    values: [jobId, epoch, stepId, attempt, storableJson(activities)],
  });
  return rows.length > 0;
}

const RECORD_ACTIVITIES = `
  WITH touched AS (
    UPDATE job SET updated_at = now() WHERE id = $1 AND epoch = $2 AND status = 'RUNNING' RETURNING id, tenant_id
  ), recorded AS (
    INSERT INTO step_activity (id, tenant_id, job_id, step_id, attempt, epoch, parent_id, kind, name, status, input, output,
      error_message, micro_usd, input_tokens, output_tokens, partial, started_at, completed_at)
    SELECT a.id, t.tenant_id, t.id, $3, $4, $2, a."parentId", a.kind, a.name, a.status, nullif(a.input, 'null'::jsonb),
      nullif(a.output, 'null'::jsonb), a.error, a."microUsd", a."inputTokens", a."outputTokens", a.partial, a."startedAt",
      a."completedAt"
    FROM touched t, jsonb_to_recordset($5::jsonb) AS a(id uuid, "parentId" uuid, kind activity_kind, name text,
      status step_status, input jsonb, output jsonb, error text, "microUsd" bigint, "inputTokens" bigint,
      "outputTokens" bigint, partial boolean, "startedAt" timestamptz, "completedAt" timestamptz)
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, output = excluded.output,
      error_message = excluded.error_message, micro_usd = excluded.micro_usd, input_tokens = excluded.input_tokens,
      output_tokens = excluded.output_tokens, partial = excluded.partial, completed_at = excluded.completed_at
    WHERE step_activity.status = 'RUNNING'
  ), event AS (
    INSERT INTO job_event (tenant_id, job_id, kind) SELECT tenant_id, id, 'progressed' FROM touched
  )
  SELECT id FROM touched`;

/**
 * Ends the activities that a lost worker left open. What a model was doing just then has cost something that nobody knows, so
 * the cost of its step counts as incomplete from now on.
 */
export async function closeLostActivities(
  client: Pick<PoolClient, 'query'>,
  jobId: string,
  reason: string,
): Promise<void> {
  await client.query(
    `WITH closed AS (
       UPDATE step_activity SET status = 'FAILED', completed_at = now(), error_message = $2, partial = kind = 'MODEL_TURN'
       WHERE job_id = $1 AND status = 'RUNNING' RETURNING step_id, kind
     )
     UPDATE job_step SET cost_partial = true FROM closed WHERE job_step.id = closed.step_id AND closed.kind = 'MODEL_TURN'`,
    [jobId, reason],
  );
}
