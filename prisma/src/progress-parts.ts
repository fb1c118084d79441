import type { Json } from '@signalbox/core/json';
import type { JobChange } from './job-change.ts';
import { type Columns, rowsQuery, rowValues } from './row-parameters.ts';
import { storableJson, storableText } from './storable.ts';
import { callParents } from './wake-tasks.ts';

/** A kind of rows that changes may hold, and the SQL that writes them. */
export interface ChangePart {
  name: string;
  /** How many parameters it takes. */
  size: number;
  /** Its values, one array a parameter; nothing when no change holds any of it. */
  values(changes: readonly JobChange[]): unknown[][] | undefined;
  /** SQL of a query that gives its rows. @param from the number of its first parameter */
  rows(from: number): string;
  /**
   * SQL of the CTEs that write its rows, which bear its name. A row counts only with its job in `fenced`, whose rows are the
   * jobs (id, tenant_id, epoch, status) that still belong to the writer.
   */
  writes: string;
}

type OfJob<T> = T & { jobId: string };

function part<Row>(
  name: string,
  pick: (change: JobChange) => readonly Row[] | undefined,
  columns: Columns<OfJob<Row>>,
  writes: string,
): ChangePart {
  const all: Columns<OfJob<Row>> = { job_id: ['uuid', ({ jobId }) => jobId], ...columns };
  return {
    name,
    size: Object.keys(all).length,
    rows: (from) => rowsQuery(all, from),
    values(changes) {
      const rows = changes.flatMap((change) => pick(change)?.map((row) => ({ ...row, jobId: change.jobId })) ?? []);
      return rows.length === 0 ? undefined : rowValues(all, rows);
    },
    writes,
  };
}

export const STARTED = part(
  'started',
  ({ started }) => started,
  {
    step_id: ['uuid', ({ stepId }) => stepId],
    attempt: ['int', ({ attempt }) => attempt],
    input: ['jsonb', ({ input }) => storableJson(input)],
    uses: ['text', ({ uses }) => text(uses)],
  },
  `step_started AS (
    UPDATE job_step SET status = 'RUNNING', attempt_number = started.attempt, input = started.input, uses = started.uses,
      started_at = coalesce(job_step.started_at, now()), output = NULL, error_message = NULL, error_category = NULL
    FROM started JOIN fenced ON fenced.id = started.job_id
    WHERE job_step.id = started.step_id AND job_step.attempt_number < started.attempt
  ), attempt_started AS (
    INSERT INTO step_attempt (step_id, number, tenant_id, epoch, status, input, started_at)
    SELECT started.step_id, started.attempt, fenced.tenant_id, fenced.epoch, 'RUNNING', started.input, now()
    FROM started JOIN fenced ON fenced.id = started.job_id
    ON CONFLICT (step_id, number) DO NOTHING
  )`,
);

export const ENDED = part(
  'ended',
  ({ ended }) => ended,
  {
    step_id: ['uuid', ({ stepId }) => stepId],
    attempt: ['int', ({ attempt }) => attempt],
    status: ['step_status', ({ status }) => status],
    output: ['jsonb', ({ output }) => json(output)],
    error_message: ['text', ({ error }) => text(error?.message)],
    error_category: ['error_category', ({ error }) => error?.category],
    micro_usd: ['bigint', ({ microUsd }) => microUsd],
    input_tokens: ['bigint', ({ inputTokens }) => inputTokens],
    output_tokens: ['bigint', ({ outputTokens }) => outputTokens],
    uses: ['text', ({ uses }) => text(uses)],
    again: ['boolean', ({ again = false }) => again],
    peak_memory_bytes: ['bigint', ({ usage }) => usage?.peakMemoryBytes],
    cpu_ms: ['bigint', ({ usage }) => usage?.cpuMs],
  },
  `step_ended AS (
    UPDATE job_step SET
      status = CASE WHEN ended.again THEN 'PENDING' ELSE ended.status END,
      output = ended.output, uses = coalesce(ended.uses, job_step.uses),
      -- An attempt that is only cut short, to be made again, is no failure of the step.
      error_message = CASE WHEN ended.again AND ended.status = 'CANCELLED' THEN NULL ELSE ended.error_message END,
      error_category = CASE WHEN ended.again AND ended.status = 'CANCELLED' THEN NULL ELSE ended.error_category END,
      micro_usd = job_step.micro_usd + ended.micro_usd, input_tokens = job_step.input_tokens + ended.input_tokens,
      output_tokens = job_step.output_tokens + ended.output_tokens,
      completed_at = CASE WHEN ended.again THEN NULL ELSE now() END
    FROM ended JOIN fenced ON fenced.id = ended.job_id
    WHERE job_step.id = ended.step_id AND job_step.status IN ('RUNNING', 'WAITING') AND job_step.attempt_number = ended.attempt
  ), attempt_ended AS (
    UPDATE step_attempt SET status = ended.status, output = ended.output, error_message = ended.error_message,
      error_category = ended.error_category, peak_memory_bytes = ended.peak_memory_bytes, cpu_ms = ended.cpu_ms, completed_at = now()
    FROM ended JOIN fenced ON fenced.id = ended.job_id
    WHERE step_attempt.step_id = ended.step_id AND step_attempt.number = ended.attempt
      AND step_attempt.status IN ('RUNNING', 'WAITING')
  )`,
);

export const CLOSED = part(
  'closed',
  ({ closed }) => closed,
  {
    step_id: ['uuid', ({ stepId }) => stepId],
    status: ['step_status', ({ status }) => status],
    output: ['jsonb', ({ output }) => json(output)],
    because: ['text', ({ because }) => text(because)],
    error_message: ['text', ({ error }) => text(error?.message)],
    error_category: ['error_category', ({ error }) => error?.category],
  },
  `step_closed AS (
    UPDATE job_step SET status = closed.status, skipped_because = closed.because, completed_at = now(),
      output = closed.output, error_message = closed.error_message, error_category = closed.error_category
    FROM closed JOIN fenced ON fenced.id = closed.job_id
    WHERE job_step.id = closed.step_id
      -- A forEach step is RUNNING without attempts.
      AND (job_step.status IN ('PENDING', 'WAITING') OR (job_step.status = 'RUNNING' AND job_step.attempt_number = 0))
  )`,
);

export const EXPANDED = part(
  'expanded',
  ({ expanded }) => expanded,
  { step_id: ['uuid', ({ stepId }) => stepId] },
  `list_begun AS (
    UPDATE job_step SET status = 'RUNNING', started_at = coalesce(job_step.started_at, now())
    FROM expanded JOIN fenced ON fenced.id = expanded.job_id
    WHERE job_step.id = expanded.step_id AND job_step.status IN ('PENDING', 'WAITING')
  )`,
);

export const ITEMS = part(
  'item',
  ({ expanded }) => expanded?.flatMap(({ items, stepId }) => items.map((item) => ({ ...item, stepId }))),
  {
    list_id: ['uuid', ({ stepId }) => stepId],
    id: ['uuid', ({ id }) => id],
    key: ['text', ({ key }) => key],
    name: ['text', ({ name }) => text(name)],
    position: ['int', ({ position }) => position],
    value: ['jsonb', ({ item }) => storableJson(item)],
  },
  `items_made AS (
    INSERT INTO job_step (id, tenant_id, job_id, key, index, position, item, name, type, needs)
    SELECT item.id, list.tenant_id, list.job_id, item.key, list.index, item.position, item.value, item.name, list.type, list.needs
    FROM item JOIN fenced ON fenced.id = item.job_id JOIN job_step list ON list.id = item.list_id
    ON CONFLICT (job_id, key) DO NOTHING
  )`,
);

/** Its rows also decide what becomes of the job's own row. */
export const SETTLED = part(
  'settled',
  ({ settled, usage }) => settled && [{ ...settled, usage }],
  {
    status: ['job_status', ({ status }) => status],
    output: ['jsonb', ({ output }) => json(output)],
    error_message: ['text', ({ error }) => text(error?.message)],
    error_category: ['error_category', ({ error }) => error?.category],
    error_step_key: ['text', ({ error }) => error?.stepKey],
    peak_memory_bytes: ['bigint', ({ usage }) => usage?.peakMemoryBytes],
    cpu_ms: ['bigint', ({ usage }) => usage?.cpuMs],
  },
  `execution_ended AS (
    UPDATE execution SET completed_at = now(), outcome = lower(settled.status::text),
      peak_memory_bytes = greatest(execution.peak_memory_bytes, settled.peak_memory_bytes),
      cpu_ms = greatest(execution.cpu_ms, settled.cpu_ms)
    FROM settled JOIN fenced ON fenced.id = settled.job_id
    WHERE execution.job_id = fenced.id AND execution.epoch = fenced.epoch
  ), log_closed AS (
    UPDATE log_counter SET epoch = 0
    FROM settled JOIN fenced ON fenced.id = settled.job_id
    WHERE log_counter.job_id = fenced.id
  ), ${callParents('fenced', `fenced.status <> 'RUNNING'`)}`,
);

/** No output and an output that is null are the same. */
function json(value: Json | undefined): string | null {
  return value === null || value === undefined ? null : storableJson(value);
}

function text(value: string | null | undefined): string | null {
  return value == null ? null : storableText(value);
}
