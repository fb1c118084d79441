/**
 * The statement behind recordChanges, made of the parts that its changes need: most start and end attempts and do nothing
 * else, and PostgreSQL would open the tables and indexes of all other parts as well.
 */
import type { QueryConfig } from 'pg';
import type { JobChange } from './job-change.ts';
import { type ChangePart, CLOSED, ENDED, EXPANDED, ITEMS, SETTLED, STARTED } from './progress-parts.ts';
import { type Columns, rowsQuery, rowValues } from './row-parameters.ts';

const PARTS: readonly ChangePart[] = [STARTED, ENDED, CLOSED, EXPANDED, ITEMS, SETTLED];

const CHANGE: Columns<JobChange> = {
  job_id: ['uuid', ({ jobId }) => jobId],
  epoch: ['int', ({ epoch }) => epoch],
  execution_id: ['uuid', ({ executionId }) => executionId],
  total_steps: ['int', ({ totalSteps }) => totalSteps],
  completed_steps: ['int', ({ completedSteps }) => completedSteps],
  current_step_key: ['text', ({ currentStepKey }) => currentStepKey],
  step_percent: ['float8', ({ stepPercent }) => stepPercent],
  got_on: ['boolean', ({ ended = [] }) => ended.some(({ status }) => status === 'COMPLETED')],
};

/** Gives the id of each job that still belongs to the writer. */
export function changeStatement(changes: readonly JobChange[]): QueryConfig {
  const needed: ChangePart[] = [];
  const values = rowValues(CHANGE, changes);
  for (const part of PARTS) {
    const own = part.values(changes);
    if (!own) continue;
    needed.push(part);
    values.push(...own);
  }
  const name = ['record-changes', ...needed.map((part) => part.name)].join(' ');
  return { name, text: textOf(name, needed), values };
}

const texts = new Map<string, string>();

function textOf(name: string, parts: readonly ChangePart[]): string {
  const known = texts.get(name);
  if (known !== undefined) return known;
  const made = composed(parts);
  texts.set(name, made);
  return made;
}

function composed(parts: readonly ChangePart[]): string {
  let from = 1 + Object.keys(CHANGE).length;
  const given = parts.map((part) => {
    const rows = `${part.name} AS (${part.rows(from)})`;
    from += part.size;
    return rows;
  });
  const settles = parts.includes(SETTLED);
  return `
  WITH ${[`change AS (${rowsQuery(CHANGE, 1)})`, ...given].join(', ')},
  fenced AS (
    UPDATE job SET
      total_steps = coalesce(change.total_steps, job.total_steps), completed_steps = change.completed_steps,
      current_step_key = change.current_step_key, step_percent = change.step_percent, updated_at = now(),
      -- Only a step that got done counts as getting on: one that downs its worker each time would start for ever.
      lost_workers = CASE WHEN change.got_on THEN 0 ELSE job.lost_workers END${settles ? SETTLES_JOB : ''}
    FROM change ${settles ? 'LEFT JOIN settled ON settled.job_id = change.job_id' : ''}
    WHERE job.id = change.job_id AND job.epoch = change.epoch AND ${IS_RUNNING}${parts.includes(STARTED) ? IS_ITS_OWN : ''}
    RETURNING job.id, job.tenant_id, job.epoch, job.status
  ),
  event AS (
    INSERT INTO job_event (tenant_id, job_id, kind)
    SELECT tenant_id, id, CASE WHEN status = 'RUNNING' THEN 'progressed' ELSE 'settled' END FROM fenced
  )${parts.map(({ writes }) => `,\n  ${writes}`).join('')}
  SELECT id FROM fenced${settles ? SETTLED_BEFORE : ''}`;
}

/** Said so that no index of the status is looked at: every job is found by its id, one lookup each. */
const IS_RUNNING = `(job.status = 'RUNNING') IS TRUE`;

const IS_ITS_OWN = ` AND (change.execution_id IS NULL OR EXISTS (
      SELECT FROM execution WHERE execution.job_id = job.id AND execution.epoch = job.epoch AND execution.id = change.execution_id))`;

const SETTLES_JOB = `,
      status = coalesce(settled.status, job.status), output = settled.output, error_message = settled.error_message,
      error_category = settled.error_category, error_step_key = settled.error_step_key,
      completed_at = CASE WHEN settled.job_id IS NOT NULL THEN now() END,
      pause_requested_at = CASE WHEN settled.job_id IS NULL THEN job.pause_requested_at END`;

/** Settled by this very change, whose answer got lost. */
const SETTLED_BEFORE = `
  UNION
  SELECT execution.job_id FROM change JOIN settled ON settled.job_id = change.job_id
    JOIN execution ON execution.job_id = change.job_id AND execution.epoch = change.epoch
  WHERE execution.outcome = lower(settled.status::text)`;
