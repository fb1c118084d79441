/**
 * What executors write while they run jobs: attempts started and ended, steps skipped, the job settled with its last step.
 * One statement for the changes of all jobs that are ready to be written; each job's part is fenced by its epoch.
 */
import type { Json } from '@signalbox/core/json';
import type { ErrorCategory } from '@signalbox/core/statuses';
import type { Database } from './client.ts';
import type { ProgramUsage } from './executions.ts';
import { storableJson } from './storable.ts';

export interface StepFailureRecord {
  message: string;
  category: ErrorCategory;
}

export interface JobChange {
  jobId: string;
  epoch: number;
  /** Steps whose next attempt begins. */
  started?: { stepId: string; attempt: number; input: Json; uses: string | null }[];
  /** Attempts that ended. With `again` the step goes back to PENDING for another try, else it ends as the attempt did. */
  ended?: {
    stepId: string;
    attempt: number;
    status: 'COMPLETED' | 'FAILED' | 'CANCELLED';
    output: Json;
    error: StepFailureRecord | null;
    microUsd: string;
    inputTokens: string;
    outputTokens: string;
    /** Of the programs of the attempt; absent when it started none. */
    usage?: ProgramUsage;
    again?: boolean;
  }[];
  /** forEach steps that begin, each with the items to be made of it, in their order. */
  expanded?: { stepId: string; items: { id: string; key: string; name: string; position: number; item: Json }[] }[];
  /** Steps that end without an attempt of their own. Only a forEach step can complete so, with the outputs of its items. */
  closed?: {
    stepId: string;
    status: 'COMPLETED' | 'SKIPPED' | 'FAILED' | 'CANCELLED';
    output?: Json;
    because: string | null;
    error: StepFailureRecord | null;
  }[];
  /** Told when it changes. */
  totalSteps?: number;
  completedSteps: number;
  currentStepKey: string | null;
  stepPercent: number;
  /** Of all programs of the job under this epoch; read when it is settled. */
  usage?: ProgramUsage;
  /** Present when nothing of the job runs any more. */
  settled?: {
    status: 'COMPLETED' | 'FAILED' | 'CANCELLED';
    output: Json;
    error: (StepFailureRecord & { stepKey: string | null }) | null;
  };
}

/**
 * Writes the changes, at most one of each job; returns the ids of the jobs that still belong to the writer. A job that is
 * missing was lost: stop it. Repeating a call whose answer got lost changes nothing more and gives the answer again.
 */
export async function recordChanges(db: Database, changes: readonly JobChange[]): Promise<Set<string>> {
  const { rows } = await db.pool.query<{ id: string }>({
    name: 'record-changes',
    text: RECORD_CHANGES,
    values: [storableJson(changes)],
  });
  return new Set(rows.map((row) => row.id));
}

const RECORD_CHANGES = `
  WITH change AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS c("jobId" uuid, epoch int, started jsonb, ended jsonb, closed jsonb,
      expanded jsonb, "totalSteps" int, "completedSteps" int, "currentStepKey" text, "stepPercent" float8, settled jsonb, usage jsonb)
  ), fenced AS (
    UPDATE job SET
      total_steps = coalesce(change."totalSteps", job.total_steps),
      completed_steps = change."completedSteps", current_step_key = change."currentStepKey",
      step_percent = change."stepPercent", updated_at = now(),
      -- Only a step that got done counts as getting on: one that downs its worker each time would start for ever.
      lost_workers = CASE WHEN change.ended @> '[{"status": "COMPLETED"}]' THEN 0 ELSE lost_workers END,
      status = coalesce((change.settled->>'status')::job_status, 'RUNNING'),
      output = nullif(change.settled->'output', 'null'::jsonb),
      error_message = change.settled->'error'->>'message',
      error_category = (change.settled->'error'->>'category')::error_category,
      error_step_key = change.settled->'error'->>'stepKey',
      completed_at = CASE WHEN change.settled IS NOT NULL THEN now() END,
      pause_requested_at = CASE WHEN change.settled IS NULL THEN pause_requested_at END
    FROM change
    WHERE job.id = change."jobId" AND job.epoch = change.epoch AND job.status = 'RUNNING'
    RETURNING job.id, job.tenant_id, job.epoch, change.started, change.ended, change.closed,
      change.expanded, change.settled, change.usage
  ), started AS (
    SELECT fenced.id AS job_id, fenced.tenant_id, fenced.epoch, s.* FROM fenced,
      jsonb_to_recordset(fenced.started) AS s("stepId" uuid, attempt int, input jsonb, uses text)
  ), ended AS (
    SELECT fenced.id AS job_id, s.* FROM fenced,
      jsonb_to_recordset(fenced.ended) AS s("stepId" uuid, attempt int, status step_status, output jsonb, error jsonb,
        "microUsd" bigint, "inputTokens" bigint, "outputTokens" bigint, usage jsonb, again boolean)
  ), closed AS (
    SELECT fenced.id AS job_id, s.* FROM fenced,
      jsonb_to_recordset(fenced.closed) AS s("stepId" uuid, status step_status, output jsonb, because text, error jsonb)
  ), step_started AS (
    UPDATE job_step SET status = 'RUNNING', attempt_number = started.attempt, input = started.input, uses = started.uses,
      started_at = coalesce(job_step.started_at, now()), output = NULL, error_message = NULL, error_category = NULL
    FROM started WHERE job_step.id = started."stepId" AND job_step.attempt_number < started.attempt
  ), attempt_started AS (
    INSERT INTO step_attempt (step_id, number, tenant_id, epoch, status, input, started_at)
    SELECT "stepId", attempt, tenant_id, epoch, 'RUNNING', input, now() FROM started
    ON CONFLICT (step_id, number) DO NOTHING
  ), step_ended AS (
    UPDATE job_step SET
      status = CASE WHEN ended.again THEN 'PENDING'::step_status ELSE ended.status END,
      output = nullif(ended.output, 'null'::jsonb),
      -- An attempt that is only cut short, to be made again, is no failure of the step.
      error_message = CASE WHEN ended.again AND ended.status = 'CANCELLED' THEN NULL ELSE ended.error->>'message' END,
      error_category = CASE WHEN ended.again AND ended.status = 'CANCELLED' THEN NULL
        ELSE (ended.error->>'category')::error_category END,
      micro_usd = micro_usd + ended."microUsd", input_tokens = input_tokens + ended."inputTokens",
      output_tokens = output_tokens + ended."outputTokens",
      completed_at = CASE WHEN ended.again THEN NULL ELSE now() END
    FROM ended WHERE job_step.id = ended."stepId" AND job_step.status = 'RUNNING' AND job_step.attempt_number = ended.attempt
  ), attempt_ended AS (
    UPDATE step_attempt SET status = ended.status, output = nullif(ended.output, 'null'::jsonb),
      error_message = ended.error->>'message', error_category = (ended.error->>'category')::error_category,
      peak_memory_bytes = (ended.usage->>'peakMemoryBytes')::bigint, cpu_ms = (ended.usage->>'cpuMs')::bigint, completed_at = now()
    FROM ended WHERE step_attempt.step_id = ended."stepId" AND step_attempt.number = ended.attempt
      AND step_attempt.status = 'RUNNING'
  ), step_closed AS (
    UPDATE job_step SET status = closed.status, skipped_because = closed.because, completed_at = now(),
      output = nullif(closed.output, 'null'::jsonb), error_message = closed.error->>'message', error_category = (closed.error->>'category')::error_category
    FROM closed WHERE job_step.id = closed."stepId"
      -- A forEach step is RUNNING without attempts.
      AND (job_step.status IN ('PENDING', 'WAITING') OR (job_step.status = 'RUNNING' AND job_step.attempt_number = 0))
  ), expanded AS (
    SELECT e.* FROM fenced, jsonb_to_recordset(fenced.expanded) AS e("stepId" uuid, items jsonb)
  ), list_begun AS (
    UPDATE job_step SET status = 'RUNNING', started_at = coalesce(job_step.started_at, now())
    FROM expanded WHERE job_step.id = expanded."stepId" AND job_step.status = 'PENDING'
  ), items_made AS (
    INSERT INTO job_step (id, tenant_id, job_id, key, index, position, item, name, type, needs)
    SELECT i.id, s.tenant_id, s.job_id, i.key, s.index, i.position, i.item, i.name, s.type, s.needs
    FROM expanded JOIN job_step s ON s.id = expanded."stepId",
      jsonb_to_recordset(expanded.items) AS i(id uuid, key text, name text, position int, item jsonb)
    ON CONFLICT (job_id, key) DO NOTHING
  ), execution_ended AS (
    UPDATE execution SET completed_at = now(), outcome = lower(fenced.settled->>'status'),
      peak_memory_bytes = greatest(peak_memory_bytes, (fenced.usage->>'peakMemoryBytes')::bigint),
      cpu_ms = greatest(cpu_ms, (fenced.usage->>'cpuMs')::bigint)
    FROM fenced WHERE fenced.settled IS NOT NULL AND execution.job_id = fenced.id AND execution.epoch = fenced.epoch
  ), log_closed AS (
    UPDATE log_counter SET epoch = 0
    FROM fenced WHERE fenced.settled IS NOT NULL AND log_counter.job_id = fenced.id
  ), event AS (
    INSERT INTO job_event (tenant_id, job_id, kind)
    SELECT tenant_id, id, CASE WHEN settled IS NOT NULL THEN 'settled' ELSE 'progressed' END FROM fenced
  )
  SELECT id FROM fenced
  UNION
  SELECT execution.job_id FROM change JOIN execution ON execution.job_id = change."jobId" AND execution.epoch = change.epoch
    AND execution.outcome = lower(change.settled->>'status')`;
