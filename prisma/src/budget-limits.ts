/** Limits that people set by hand: of a job or a step, in place of what its workflow says, and of the tenant. */
import { stepOfKey } from '@signalbox/core/items';
import type { BudgetPeriodKey } from './budget-rules.ts';
import type { Database } from './client.ts';
import { NotFoundError } from './failures.ts';
import { isId } from './ids.ts';
import { unknownJob } from './jobs.ts';
import { storableText } from './storable.ts';

export type BudgetActionKey = 'FAIL' | 'PAUSE' | 'WARN';

/** Null: no limit of that kind. With neither the limit that was set by hand is taken back. */
export interface HandLimit {
  microUsd: bigint | null;
  tokens: bigint | null;
  /** Null keeps what it was, FAIL when it was nothing. */
  action: BudgetActionKey | null;
}

/**
 * Sets the budget of a job, or of one of its steps, which counts for calls from now on, whatever state the job is in.
 * @param stepKey null means the job. @throws NotFoundError
 */
export async function setJobBudget(
  db: Database,
  tenantId: string,
  jobId: string,
  stepKey: string | null,
  limit: HandLimit,
): Promise<void> {
  if (!isId(jobId)) throw unknownJob(jobId);
  const key = stepKey === null ? null : storableText(stepOfKey(stepKey));
  const { rows } = await db.pool.query<{ found: boolean }>({
    name: 'set-job-budget',
    text: SET_JOB_BUDGET,
    values: [jobId, tenantId, key, limit.microUsd, limit.tokens, limit.action],
  });
  if (!rows[0]) throw unknownJob(jobId);
  if (!rows[0].found) throw new NotFoundError(`The job ${jobId} has no step "${stepKey}".`);
}

const SET_JOB_BUDGET = `
  WITH touched AS (
    UPDATE job SET updated_at = now() WHERE id = $1 AND tenant_id = $2
    RETURNING id, tenant_id, workflow_id, workflow_version
  ), owner AS (
    SELECT 'JOB'::budget_scope AS scope, t.id, t.tenant_id, t.id AS job_id,
      (SELECT r->>'action' FROM json_array_elements(v.definition->'budgets') r WHERE r->>'period' IS NULL LIMIT 1) AS action
    FROM touched t JOIN workflow_version v ON v.workflow_id = t.workflow_id AND v.version = t.workflow_version
    WHERE $3::text IS NULL
    UNION ALL
    SELECT 'STEP', s.id, t.tenant_id, t.id, (SELECT d->'budget'->>'action'
      FROM workflow_version v, json_array_elements(v.definition->'steps') d
      WHERE v.workflow_id = t.workflow_id AND v.version = t.workflow_version AND d->>'key' = s.key)
    FROM touched t JOIN job_step s ON s.job_id = t.id AND s.key = $3 AND s.position = 0
  ), account AS (
    INSERT INTO budget_account (scope, owner_id, period, period_start, tenant_id, job_id, spent_micro_usd, spent_tokens,
      set_by_hand, limit_micro_usd, limit_tokens, action)
    SELECT o.scope, o.id, 'ALWAYS', to_timestamp(0), o.tenant_id, o.job_id, coalesce(spent.micro_usd, 0),
      coalesce(spent.tokens, 0), $4::bigint IS NOT NULL OR $5::bigint IS NOT NULL, $4, $5,
      coalesce($6::budget_action, upper(o.action)::budget_action, 'FAIL')
    FROM owner o, LATERAL (
      SELECT sum(s.micro_usd)::bigint AS micro_usd, sum(s.input_tokens + s.output_tokens)::bigint AS tokens
      FROM job_step s WHERE s.job_id = o.job_id
        AND (o.scope = 'JOB' OR s.index = (SELECT list.index FROM job_step list WHERE list.id = o.id))
    ) AS spent
    ON CONFLICT (scope, owner_id, period, period_start) DO UPDATE SET set_by_hand = excluded.set_by_hand,
      limit_micro_usd = excluded.limit_micro_usd, limit_tokens = excluded.limit_tokens,
      action = coalesce($6::budget_action, budget_account.action, excluded.action), warned_at = NULL
  ), event AS (
    INSERT INTO job_event (tenant_id, job_id, kind) SELECT tenant_id, id, 'budget-set' FROM touched
  )
  SELECT EXISTS (SELECT FROM owner) AS found FROM touched`;

/** Sets what all jobs of the tenant together may cost within each period. Null limits take it away. */
export async function setTenantBudget(
  db: Database,
  tenantId: string,
  { action, microUsd, period, tokens }: HandLimit & { period: BudgetPeriodKey },
): Promise<void> {
  await db.pool.query({
    name: 'set-tenant-budget',
    text: `UPDATE tenant SET budget_micro_usd = $2, budget_tokens = $3, budget_period = $5::budget_period,
             budget_action = CASE WHEN $2::bigint IS NOT NULL OR $3::bigint IS NOT NULL
               THEN coalesce($4::budget_action, budget_action, 'FAIL') END
           WHERE id = $1`,
    values: [tenantId, microUsd, tokens, action, period],
  });
}
