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

export interface StoredActivity {
  id: string;
  parentId: string | null;
  attempt: number;
  kind: ActivityKind;
  name: string;
  status: ActivityStatus;
  input: Json;
  output: Json;
  error: string | null;
  microUsd: bigint | null;
  inputTokens: bigint | null;
  outputTokens: bigint | null;
  partial: boolean;
  startedAt: Date;
  completedAt: Date | null;
}

export interface ActivityPageRequest {
  /** Null means all attempts. */
  attempt: number | null;
  after?: string;
  before?: string;
  limit: number;
  /** True reads the newest; the answer begins with the oldest all the same. */
  backward: boolean;
}

type ActivityRow = Omit<StoredActivity, 'microUsd' | 'inputTokens' | 'outputTokens'> &
  Record<'microUsd' | 'inputTokens' | 'outputTokens', string | null>;

/** Activities of a step in the order in which they began. */
export async function readActivities(
  db: Database,
  stepId: string,
  { after, attempt, backward, before, limit }: ActivityPageRequest,
): Promise<StoredActivity[]> {
  const { rows } = await db.pool.query<ActivityRow>({
    name: backward ? 'read-activities-backward' : 'read-activities',
    text: `SELECT id, parent_id AS "parentId", attempt, kind, name, status, input, output, error_message AS error,
             micro_usd::text AS "microUsd", input_tokens::text AS "inputTokens", output_tokens::text AS "outputTokens", partial,
             started_at AS "startedAt", completed_at AS "completedAt"
           FROM step_activity WHERE step_id = $1 AND ($2::int IS NULL OR attempt = $2) AND ($3::uuid IS NULL OR id > $3)
             AND ($4::uuid IS NULL OR id < $4)
           ORDER BY id ${backward ? 'DESC' : 'ASC'} LIMIT $5`,
    values: [stepId, attempt, after ?? null, before ?? null, limit],
  });
  const activities = rows.map((row) => ({
    ...row,
    microUsd: exact(row.microUsd),
    inputTokens: exact(row.inputTokens),
    outputTokens: exact(row.outputTokens),
  }));
  return backward ? activities.reverse() : activities;
}

export async function countActivities(db: Database, stepId: string, attempt: number | null): Promise<number> {
  const { rows } = await db.pool.query<{ count: number }>({
    name: 'count-activities',
    text: 'SELECT count(*)::int AS count FROM step_activity WHERE step_id = $1 AND ($2::int IS NULL OR attempt = $2)',
    values: [stepId, attempt],
  });
  return rows[0]?.count ?? 0;
}

function exact(text: string | null): bigint | null {
  return text === null ? null : BigInt(text);
}
