/**
 * Room in budgets, taken before a model is called and given back after: each budget is an account whose row lock lets one
 * reservation after the other look whether it fits, so that calls that run beside each other never pass a limit together.
 */
import type { BudgetAction } from '@signalbox/core/budget';
import type { PoolClient } from 'pg';
import type { AttemptOwner } from './attempt-owner.ts';
import { type BudgetTerms, type DatedRule, type RuleOwner, readRules } from './budget-rules.ts';
import type { Database } from './client.ts';
import { storableJson } from './storable.ts';

export interface ReservationWish extends RuleOwner {
  /** Makes repeating a call whose answer got lost harmless. */
  id: string;
  model: string;
  /** The most that it can cost; null when the price is not known. */
  microUsd: bigint | null;
  tokens: number;
}

/** A budget that a call does not fit into, with what it counts without that call. */
export interface Tightness extends BudgetTerms {
  action: BudgetAction;
  limitMicroUsd: bigint | null;
  limitTokens: bigint | null;
  usedMicroUsd: bigint;
  usedTokens: bigint;
  /** The limit is in money only, and what the call costs is not known. */
  unpriced: boolean;
}

export type ReservationAnswer =
  /** `warnings`: budgets that are passed for the first time, and only warn. */
  | { outcome: 'granted'; limited: boolean; warnings: Tightness[] }
  | { outcome: 'refused'; by: Tightness }
  | { outcome: 'lost' };

/** Takes room in every budget that counts the call, or in none. */
export async function reserve(db: Database, owner: AttemptOwner, wish: ReservationWish): Promise<ReservationAnswer> {
  const rules = await readRules(db, owner, wish);
  if (!rules) return { outcome: 'lost' };
  if (rules.length === 0) return { outcome: 'granted', limited: false, warnings: [] };
  const missing = rules.filter(({ exists }) => !exists);
  if (missing.length > 0) await openAccounts(db, owner, missing);
  const { rows } = await db.pool.query<AccountRow>({
    name: 'reserve-budget',
    text: RESERVE,
    values: [
      owner.jobId,
      owner.epoch,
      storableJson(rules),
      String(wish.microUsd ?? 0n),
      String(wish.tokens),
      wish.microUsd === null,
      wish.id,
      owner.stepId,
      owner.attempt,
      wish.model,
    ],
  });
  return answerOf(rows);
}

type AccountRow = BudgetTerms & {
  held: boolean;
  action: string;
  fits: boolean;
  over: boolean;
  unpriced: boolean;
  warned: boolean;
  limitMicroUsd: string | null;
  limitTokens: string | null;
  usedMicroUsd: string;
  usedTokens: string;
};

function answerOf(rows: readonly AccountRow[]): ReservationAnswer {
  if (!rows[0]?.held) return { outcome: 'lost' };
  const refusing = rows.find(({ fits }) => !fits);
  if (refusing) return { outcome: 'refused', by: tightnessOf(refusing) };
  const warnings = rows.filter(({ over, warned }) => over && !warned).map(tightnessOf);
  return { outcome: 'granted', limited: rows.some(({ action }) => action !== 'WARN'), warnings };
}

function tightnessOf({
  action,
  limitMicroUsd,
  limitTokens,
  period,
  scope,
  unpriced,
  usedMicroUsd,
  usedTokens,
}: AccountRow) {
  return {
    scope,
    period,
    unpriced,
    action: action.toLowerCase() as BudgetAction,
    limitMicroUsd: limitMicroUsd === null ? null : BigInt(limitMicroUsd),
    limitTokens: limitTokens === null ? null : BigInt(limitTokens),
    usedMicroUsd: BigInt(usedMicroUsd),
    usedTokens: BigInt(usedTokens),
  };
}

/** New accounts begin with what was spent before anybody counted. */
async function openAccounts(db: Database, { jobId }: AttemptOwner, rules: readonly DatedRule[]): Promise<void> {
  await db.pool.query({
    name: 'open-budget-accounts',
    text: `
      INSERT INTO budget_account (scope, owner_id, period, period_start, tenant_id, job_id, spent_micro_usd, spent_tokens)
      SELECT r.scope, r."ownerId", r.period, r."periodStart", j.tenant_id,
        CASE WHEN r.scope IN ('STEP', 'JOB') THEN j.id END, coalesce(spent.micro_usd, 0), coalesce(spent.tokens, 0)
      FROM job j, jsonb_to_recordset($2::jsonb) AS r(scope budget_scope, "ownerId" uuid, period budget_period, "periodStart" timestamptz),
      LATERAL (
        SELECT sum(c.micro_usd)::bigint AS micro_usd, sum(coalesce(c.input_tokens, 0) + coalesce(c.output_tokens, 0))::bigint AS tokens
        FROM cost_entry c WHERE c.at >= r."periodStart" AND CASE r.scope
          WHEN 'TENANT' THEN c.tenant_id = r."ownerId" WHEN 'WORKFLOW' THEN c.workflow_id = r."ownerId"
          WHEN 'JOB' THEN c.job_id = r."ownerId"
          ELSE c.job_id = j.id AND c.step_id IN (SELECT own.id FROM job_step list JOIN job_step own
            ON own.job_id = list.job_id AND own.index = list.index WHERE list.id = r."ownerId") END
      ) AS spent
      WHERE j.id = $1
      ON CONFLICT (scope, owner_id, period, period_start) DO NOTHING`,
    values: [jobId, storableJson(rules)],
  });
}

const RESERVE = `
  WITH rule AS (
    SELECT * FROM jsonb_to_recordset($3::jsonb) AS r(scope budget_scope, "ownerId" uuid, period budget_period,
      "periodStart" timestamptz, "microUsd" bigint, tokens bigint, action budget_action)
  ), held AS (
    SELECT id, tenant_id FROM job WHERE id = $1 AND epoch = $2 AND status = 'RUNNING'
  ), known AS (
    -- The answer to an earlier try got lost.
    SELECT id FROM budget_reservation WHERE id = $7
  ), locked AS (
    -- In one order, so that nobody waits for each other in a circle; each row as it is once it is ours.
    SELECT a.* FROM budget_account a JOIN rule r ON a.scope = r.scope AND a.owner_id = r."ownerId" AND a.period = r.period
      AND a.period_start = r."periodStart"
    ORDER BY a.scope, a.owner_id, a.period, a.period_start FOR UPDATE OF a
  ), effective AS (
    SELECT a.scope, a.owner_id, a.period, a.period_start, a.warned_at,
      CASE WHEN a.set_by_hand THEN a.action ELSE r.action END AS action,
      CASE WHEN a.set_by_hand THEN a.limit_micro_usd ELSE r."microUsd" END AS limit_usd,
      CASE WHEN a.set_by_hand THEN a.limit_tokens ELSE r.tokens END AS limit_tokens,
      a.spent_micro_usd + a.reserved_micro_usd AS used_usd, a.spent_tokens + a.reserved_tokens AS used_tokens
    FROM locked a JOIN rule r ON a.scope = r.scope AND a.owner_id = r."ownerId" AND a.period = r.period
      AND a.period_start = r."periodStart"
  ), judged AS (
    SELECT *, $6::boolean AND limit_usd IS NOT NULL AND limit_tokens IS NULL AS unpriced,
      ($6::boolean AND limit_usd IS NOT NULL AND limit_tokens IS NULL)
        OR used_usd + $4::bigint > limit_usd IS TRUE OR used_tokens + $5::bigint > limit_tokens IS TRUE AS over
    FROM effective
  ), verdict AS (
    SELECT coalesce(bool_and(NOT over OR action = 'WARN'), false) AND NOT EXISTS (SELECT FROM known) AND count(*) = (SELECT count(*) FROM rule) AS granted FROM judged
  ), ticket AS (
    INSERT INTO budget_reservation (id, tenant_id, job_id, step_id, attempt, epoch, model, micro_usd, tokens, accounts)
    SELECT $7, held.tenant_id, held.id, $8, $9, $2, $10, $4, $5, (SELECT jsonb_agg(jsonb_build_object('scope', scope,
      'ownerId', owner_id, 'period', period, 'periodStart', period_start)) FROM judged)
    FROM held, verdict WHERE verdict.granted ON CONFLICT (id) DO NOTHING
    RETURNING id
  ), taken AS (
    UPDATE budget_account a SET reserved_micro_usd = a.reserved_micro_usd + $4::bigint,
      reserved_tokens = a.reserved_tokens + $5::bigint,
      warned_at = CASE WHEN j.over THEN coalesce(a.warned_at, now()) ELSE a.warned_at END
    FROM judged j, ticket
    WHERE a.scope = j.scope AND a.owner_id = j.owner_id AND a.period = j.period AND a.period_start = j.period_start
  )
  SELECT EXISTS (SELECT FROM held) AS held, scope, period, action, NOT over OR action = 'WARN' OR EXISTS (SELECT FROM known) AS fits, over, unpriced,
    warned_at IS NOT NULL AS warned, limit_usd::text AS "limitMicroUsd", limit_tokens::text AS "limitTokens",
    used_usd::text AS "usedMicroUsd", used_tokens::text AS "usedTokens"
  FROM judged`;

/** Gives room back that was not used. */
export async function releaseReservations(db: Database, ids: readonly string[]): Promise<void> {
  await db.pool.query({ name: 'release-budget', text: release('r.id = ANY($1::uuid[])'), values: [ids] });
}

/** Gives back what a lost worker held for a job. */
export async function releaseLostReservations(client: Pick<PoolClient, 'query'>, jobId: string): Promise<void> {
  await client.query({ name: 'release-lost-budget', text: release('r.job_id = $1'), values: [jobId] });
}

function release(which: string): string {
  return `
    WITH gone AS (
      DELETE FROM budget_reservation r WHERE ${which} RETURNING r.micro_usd, r.tokens, r.accounts
    ), sums AS (
      SELECT k.scope, k."ownerId" AS owner_id, k.period, k."periodStart" AS period_start, sum(gone.micro_usd) AS micro_usd,
        sum(gone.tokens) AS tokens
      FROM gone, jsonb_to_recordset(gone.accounts)
        AS k(scope budget_scope, "ownerId" uuid, period budget_period, "periodStart" timestamptz)
      GROUP BY 1, 2, 3, 4
    ), locked AS (
      SELECT a.scope, a.owner_id, a.period, a.period_start FROM budget_account a
        JOIN sums USING (scope, owner_id, period, period_start)
      ORDER BY 1, 2, 3, 4 FOR UPDATE OF a
    )
    UPDATE budget_account a SET reserved_micro_usd = a.reserved_micro_usd - sums.micro_usd,
      reserved_tokens = a.reserved_tokens - sums.tokens
    FROM sums JOIN locked USING (scope, owner_id, period, period_start)
    WHERE a.scope = sums.scope AND a.owner_id = sums.owner_id AND a.period = sums.period AND a.period_start = sums.period_start`;
}
