/** What models have cost: an entry for each call, and the sums of them that every step carries. */
import type { AttemptOwner } from './attempt-owner.ts';
import { presentPeriod } from './budget-rules.ts';
import type { Database } from './client.ts';
import type { Cost } from './cost.ts';
import { readSides } from './row-sides.ts';
import { storableJson } from './storable.ts';

/** What the steps of each job have cost so far, all attempts included. A job without steps is missing. */
export async function sumCosts(db: Database, jobIds: readonly string[]): Promise<Map<string, Cost>> {
  return (await readSides(db, { costs: jobIds, workflows: [], steps: [] })).costs;
}

/** Amounts are texts, since JSON has no exact large numbers. */
export interface NewCostEntry {
  /** Makes repeating a call whose answer got lost harmless. */
  id: string;
  model: string | null;
  /** Null: the price is not known. */
  microUsd: string | null;
  inputTokens: string | null;
  outputTokens: string | null;
  priceVersion: string | null;
  partial: boolean;
  /** The room in budgets that was held for it, which this gives back. */
  reservationId: string | null;
}

/**
 * Stores the entries, adds them to the step's totals and charges them to the budgets that count them: those of the
 * reservation, and of the scopes it leaves out whatever account there is. False when the job was lost: nothing was stored.
 */
export async function recordCosts(
  db: Database,
  { attempt, epoch, jobId, stepId }: AttemptOwner,
  entries: readonly NewCostEntry[],
): Promise<boolean> {
  const { rows } = await db.pool.query({
    name: 'record-costs',
    text: RECORD_COSTS,
    values: [jobId, epoch, stepId, attempt, storableJson(entries)],
  });
  return rows.length > 0;
}

const RECORD_COSTS = `
  WITH entry AS (
    SELECT * FROM jsonb_to_recordset($5::jsonb) AS e(id uuid, model text, "microUsd" bigint, "inputTokens" bigint,
      "outputTokens" bigint, "priceVersion" text, partial boolean, "reservationId" uuid)
  ), touched AS (
    UPDATE job SET updated_at = now() WHERE id = $1 AND epoch = $2 AND status = 'RUNNING'
    RETURNING id, tenant_id, workflow_id
  ), recorded AS (
    INSERT INTO cost_entry (id, tenant_id, job_id, workflow_id, step_id, attempt, model, micro_usd, input_tokens,
      output_tokens, price_version, partial)
    SELECT e.id, t.tenant_id, t.id, t.workflow_id, $3, $4, e.model, e."microUsd", e."inputTokens", e."outputTokens",
      e."priceVersion", e.partial
    FROM touched t, entry e ON CONFLICT (id) DO NOTHING
    RETURNING *
  ), total AS (
    SELECT coalesce(sum(micro_usd), 0)::bigint AS micro_usd, coalesce(sum(input_tokens), 0)::bigint AS input_tokens,
      coalesce(sum(output_tokens), 0)::bigint AS output_tokens,
      coalesce(array_agg(DISTINCT model) FILTER (WHERE micro_usd IS NULL AND model IS NOT NULL), '{}') AS unpriced,
      bool_or(partial OR (micro_usd IS NULL AND model IS NULL)) AS partial
    FROM recorded HAVING count(*) > 0
  ), step AS (
    UPDATE job_step SET micro_usd = job_step.micro_usd + total.micro_usd,
      input_tokens = job_step.input_tokens + total.input_tokens, output_tokens = job_step.output_tokens + total.output_tokens,
      unpriced_models = ARRAY(SELECT DISTINCT unnest(job_step.unpriced_models || total.unpriced) AS model ORDER BY model),
      cost_partial = job_step.cost_partial OR total.partial
    FROM total WHERE job_step.id = $3
  ), given_back AS (
    DELETE FROM budget_reservation r USING touched, entry e WHERE r.id = e."reservationId" AND r.job_id = touched.id
    RETURNING r.id, r.micro_usd, r.tokens, r.accounts
  ), reserved_in AS (
    SELECT g.id, g.micro_usd, g.tokens, k.* FROM given_back g, jsonb_to_recordset(g.accounts)
      AS k(scope budget_scope, "ownerId" uuid, period budget_period, "periodStart" timestamptz)
  ), charged AS (
    SELECT r.id, e."reservationId", coalesce(r.micro_usd, 0) AS micro_usd,
      coalesce(r.input_tokens, 0) + coalesce(r.output_tokens, 0) AS tokens
    FROM recorded r JOIN entry e ON e.id = r.id
  ), move AS (
    SELECT k.scope, k."ownerId" AS owner_id, k.period, k."periodStart" AS period_start, coalesce(c.micro_usd, 0) AS spent_usd,
      coalesce(c.tokens, 0) AS spent_tokens, k.micro_usd AS freed_usd, k.tokens AS freed_tokens
    FROM reserved_in k LEFT JOIN charged c ON c."reservationId" = k.id
    UNION ALL
    SELECT a.scope, a.owner_id, a.period, a.period_start, c.micro_usd, c.tokens, 0, 0
    FROM charged c, touched t JOIN budget_account a ON a.tenant_id = t.tenant_id AND (
        (a.scope = 'JOB' AND a.owner_id = t.id)
        OR (a.scope = 'STEP' AND a.job_id = t.id AND a.owner_id IN (SELECT list.id FROM job_step own JOIN job_step list
              ON list.job_id = own.job_id AND list.index = own.index AND list.position = 0 WHERE own.id = $3))
        OR (a.scope = 'WORKFLOW' AND a.owner_id = t.workflow_id) OR (a.scope = 'TENANT' AND a.owner_id = t.tenant_id))
      AND a.period_start = ${presentPeriod('a')}
    WHERE NOT EXISTS (SELECT FROM reserved_in k WHERE k.id = c."reservationId" AND k.scope = a.scope)
  ), sums AS (
    SELECT scope, owner_id, period, period_start, sum(spent_usd) AS spent_usd, sum(spent_tokens) AS spent_tokens,
      sum(freed_usd) AS freed_usd, sum(freed_tokens) AS freed_tokens
    FROM move GROUP BY 1, 2, 3, 4
  ), locked AS (
    SELECT a.scope, a.owner_id, a.period, a.period_start FROM budget_account a JOIN sums USING (scope, owner_id, period, period_start)
    ORDER BY 1, 2, 3, 4 FOR UPDATE OF a
  ), account AS (
    UPDATE budget_account a SET spent_micro_usd = a.spent_micro_usd + sums.spent_usd,
      spent_tokens = a.spent_tokens + sums.spent_tokens,
      reserved_micro_usd = a.reserved_micro_usd - sums.freed_usd, reserved_tokens = a.reserved_tokens - sums.freed_tokens
    FROM sums JOIN locked USING (scope, owner_id, period, period_start)
    WHERE a.scope = sums.scope AND a.owner_id = sums.owner_id AND a.period = sums.period AND a.period_start = sums.period_start
  ), event AS (
    INSERT INTO job_event (tenant_id, job_id, kind) SELECT tenant_id, id, 'progressed' FROM touched
  )
  SELECT id FROM touched`;

export interface ModelCost {
  model: string | null;
  priceVersion: string | null;
  calls: number;
  /** Without the calls whose price is not known. */
  microUsd: bigint;
  inputTokens: bigint;
  outputTokens: bigint;
  /** Calls whose price is not known, and calls that broke off. */
  unpricedCalls: number;
  partialCalls: number;
}

/** What each model has cost a job, by the list of prices it was counted with; the dearest first. */
export async function costsByModel(db: Database, jobId: string): Promise<ModelCost[]> {
  const { rows } = await db.pool.query<
    Omit<ModelCost, 'microUsd' | 'inputTokens' | 'outputTokens'> &
      Record<'microUsd' | 'inputTokens' | 'outputTokens', string>
  >({
    name: 'costs-by-model',
    text: `SELECT model, price_version AS "priceVersion", count(*)::int AS calls,
             coalesce(sum(micro_usd), 0)::text AS "microUsd", coalesce(sum(input_tokens), 0)::text AS "inputTokens",
             coalesce(sum(output_tokens), 0)::text AS "outputTokens",
             (count(*) FILTER (WHERE micro_usd IS NULL))::int AS "unpricedCalls",
             (count(*) FILTER (WHERE partial))::int AS "partialCalls"
           FROM cost_entry WHERE job_id = $1 GROUP BY model, price_version ORDER BY sum(micro_usd) DESC NULLS LAST, model`,
    values: [jobId],
  });
  return rows.map((row) => ({
    ...row,
    microUsd: BigInt(row.microUsd),
    inputTokens: BigInt(row.inputTokens),
    outputTokens: BigInt(row.outputTokens),
  }));
}
