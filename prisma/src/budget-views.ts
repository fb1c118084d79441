/** Budgets as people see them: their limits, and how much of them is gone. */
import type { BudgetRule } from '@signalbox/core/budget';
import type { BudgetActionKey } from './budget-limits.ts';
import { type BudgetPeriodKey, type BudgetScope, presentPeriod } from './budget-rules.ts';
import type { Database } from './client.ts';

export interface Budget {
  scope: BudgetScope;
  period: BudgetPeriodKey;
  /** Null for what has no period. */
  periodStart: Date | null;
  limitMicroUsd: bigint | null;
  limitTokens: bigint | null;
  action: BudgetActionKey;
  setByHand: boolean;
  spentMicroUsd: bigint;
  spentTokens: bigint;
  reservedMicroUsd: bigint;
  reservedTokens: bigint;
}

interface AccountRow {
  ownerId: string;
  rules: BudgetRule[] | null;
  setByHand: boolean | null;
  limitMicroUsd: string | null;
  limitTokens: string | null;
  action: BudgetActionKey | null;
  spentMicroUsd: string;
  spentTokens: string;
  reservedMicroUsd: string | null;
  reservedTokens: string | null;
}

const ACCOUNT = `a.set_by_hand AS "setByHand", a.limit_micro_usd::text AS "limitMicroUsd", a.limit_tokens::text AS "limitTokens",
  a.action, a.reserved_micro_usd::text AS "reservedMicroUsd", a.reserved_tokens::text AS "reservedTokens"`;

const spent = (steps: string) => `
  coalesce(a.spent_micro_usd, (SELECT sum(s.micro_usd)::bigint FROM job_step s WHERE ${steps}), 0)::text AS "spentMicroUsd",
  coalesce(a.spent_tokens, (SELECT sum(s.input_tokens + s.output_tokens)::bigint FROM job_step s WHERE ${steps}), 0)::text
    AS "spentTokens"`;

/** The budgets of these jobs; one that has none is missing. */
export async function readJobBudgets(db: Database, jobIds: readonly string[]): Promise<Map<string, Budget>> {
  const { rows } = await db.pool.query<AccountRow>({
    name: 'read-job-budgets',
    text: `SELECT j.id AS "ownerId", v.definition->'budgets' AS rules, ${ACCOUNT}, ${spent('s.job_id = j.id')}
           FROM job j JOIN workflow_version v ON v.workflow_id = j.workflow_id AND v.version = j.workflow_version
             LEFT JOIN budget_account a ON a.scope = 'JOB' AND a.owner_id = j.id AND a.period = 'ALWAYS'
           WHERE j.id = ANY($1::uuid[])`,
    values: [jobIds],
  });
  return budgetsOf('JOB', rows);
}

/** The budgets of these steps, items of a forEach step having that of it. One that `with` gives is known once it was used. */
export async function readStepBudgets(db: Database, stepIds: readonly string[]): Promise<Map<string, Budget>> {
  const { rows } = await db.pool.query<AccountRow>({
    name: 'read-step-budgets',
    text: `SELECT step.id AS "ownerId", CASE WHEN d.value->'budget' IS NOT NULL THEN json_build_array(d.value->'budget') END AS rules,
             ${ACCOUNT}, ${spent('s.job_id = step.job_id AND s.index = step.index')}
           FROM job_step step JOIN job_step list ON list.job_id = step.job_id AND list.index = step.index AND list.position = 0
             JOIN job j ON j.id = step.job_id
             JOIN workflow_version v ON v.workflow_id = j.workflow_id AND v.version = j.workflow_version
             LEFT JOIN LATERAL (SELECT value FROM json_array_elements(v.definition->'steps') WHERE value->>'key' = list.key) d ON true
             LEFT JOIN budget_account a ON a.scope = 'STEP' AND a.owner_id = list.id AND a.period = 'ALWAYS'
           WHERE step.id = ANY($1::uuid[])`,
    values: [stepIds],
  });
  return budgetsOf('STEP', rows);
}

function budgetsOf(scope: 'JOB' | 'STEP', rows: readonly AccountRow[]): Map<string, Budget> {
  return new Map(
    rows.flatMap((row): [string, Budget][] => {
      const rule = row.rules?.find(({ period }) => !period);
      if (!row.setByHand && !rule) return [];
      const limits = row.setByHand
        ? { limitMicroUsd: exact(row.limitMicroUsd), limitTokens: exact(row.limitTokens), action: row.action ?? 'FAIL' }
        : limitsOf(rule);
      return [
        [
          row.ownerId,
          { scope, period: 'ALWAYS', periodStart: null, setByHand: row.setByHand ?? false, ...limits, ...used(row) },
        ],
      ];
    }),
  );
}

interface PeriodRow extends Omit<AccountRow, 'ownerId' | 'rules'> {
  period: BudgetPeriodKey;
  periodStart: Date;
}

/** What the jobs of a workflow, or of the tenant, may cost within each present period. */
export async function readPeriodBudgets(
  db: Database,
  scope: 'WORKFLOW' | 'TENANT',
  ownerId: string,
): Promise<Budget[]> {
  const rule = {
    WORKFLOW: `SELECT upper(r.value->>'period')::budget_period AS period, r.value->>'microUsd' AS micro_usd,
        r.value->>'tokens' AS tokens, upper(r.value->>'action')::budget_action AS action
      FROM workflow w JOIN workflow_version v ON v.workflow_id = w.id AND v.version = w.current_version,
        json_array_elements(v.definition->'budgets') r WHERE w.id = $1 AND r.value->>'period' IS NOT NULL`,
    TENANT: `SELECT coalesce(budget_period, 'ALWAYS') AS period, budget_micro_usd::text AS micro_usd,
        budget_tokens::text AS tokens, budget_action AS action FROM tenant WHERE id = $1 AND budget_action IS NOT NULL`,
  }[scope];
  const { rows } = await db.pool.query<PeriodRow>({
    name: `read-${scope.toLowerCase()}-budgets`,
    text: `WITH rule AS (${rule}), dated AS (SELECT rule.*, ${presentPeriod('rule')} AS period_start FROM rule)
           SELECT d.period, d.period_start AS "periodStart", d.micro_usd AS "limitMicroUsd", d.tokens AS "limitTokens", d.action,
             false AS "setByHand", coalesce(a.spent_micro_usd, s.micro_usd, 0)::text AS "spentMicroUsd",
             coalesce(a.spent_tokens, s.tokens, 0)::text AS "spentTokens", a.reserved_micro_usd::text AS "reservedMicroUsd",
             a.reserved_tokens::text AS "reservedTokens"
           FROM dated d LEFT JOIN budget_account a ON a.scope = '${scope}' AND a.owner_id = $1 AND a.period = d.period
               AND a.period_start = d.period_start
             LEFT JOIN LATERAL (SELECT sum(micro_usd)::bigint AS micro_usd,
               sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0))::bigint AS tokens FROM cost_entry c
               WHERE c.${scope.toLowerCase()}_id = $1 AND c.at >= d.period_start AND a.scope IS NULL) s ON true
           ORDER BY d.period`,
    values: [ownerId],
  });
  return rows.map((row) => ({
    scope,
    period: row.period,
    periodStart: row.period === 'ALWAYS' ? null : row.periodStart,
    limitMicroUsd: exact(row.limitMicroUsd),
    limitTokens: exact(row.limitTokens),
    action: row.action ?? 'FAIL',
    setByHand: scope === 'TENANT',
    ...used(row),
  }));
}

function limitsOf(rule: BudgetRule | undefined) {
  return {
    limitMicroUsd: rule?.microUsd === undefined ? null : BigInt(rule.microUsd),
    limitTokens: rule?.tokens === undefined ? null : BigInt(rule.tokens),
    action: (rule?.action.toUpperCase() ?? 'FAIL') as BudgetActionKey,
  };
}

function used(row: Pick<AccountRow, 'spentMicroUsd' | 'spentTokens' | 'reservedMicroUsd' | 'reservedTokens'>) {
  return {
    spentMicroUsd: BigInt(row.spentMicroUsd),
    spentTokens: BigInt(row.spentTokens),
    reservedMicroUsd: BigInt(row.reservedMicroUsd ?? 0),
    reservedTokens: BigInt(row.reservedTokens ?? 0),
  };
}

function exact(text: string | null): bigint | null {
  return text === null ? null : BigInt(text);
}
