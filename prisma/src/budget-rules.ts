/** Which budgets count a call: the step's own, the job's, and those of its workflow and tenant in their periods. */
import type { BudgetRule } from '@signalbox/core/budget';
import type { AttemptOwner } from './attempt-owner.ts';
import type { Database } from './client.ts';

export type BudgetScope = 'STEP' | 'JOB' | 'WORKFLOW' | 'TENANT';
export type BudgetPeriodKey = 'ALWAYS' | 'HOUR' | 'DAY' | 'WEEK' | 'MONTH';

/** Which budget it is, for people. */
export interface BudgetTerms {
  scope: BudgetScope;
  period: BudgetPeriodKey;
}

/** A budget's account, and the limits it has unless they were set by hand. */
export interface DatedRule extends BudgetTerms {
  ownerId: string;
  periodStart: string;
  microUsd: number | null;
  tokens: number | null;
  action: 'FAIL' | 'PAUSE' | 'WARN';
  /** Whether its account is there. */
  exists: boolean;
}

export interface RuleOwner {
  stepRule: BudgetRule | undefined;
  /** The step that budgets of the step count for: of an item its forEach step. */
  budgetStepId: string;
}

interface Sources {
  tenantId: string;
  workflowId: string;
  jobRules: BudgetRule[] | null;
  workflowRules: BudgetRule[] | null;
  tenantRule: {
    microUsd: number | null;
    tokens: number | null;
    action: DatedRule['action'];
    period: BudgetPeriodKey;
  } | null;
  periods: Record<BudgetPeriodKey, string>;
  accounts: (BudgetTerms & { ownerId: string; periodStart: string; byHand: boolean })[] | null;
}

/** Undefined when the job was lost. The workflow's budget over time is that of its newest version: raising it helps jobs at once. */
export async function readRules(db: Database, owner: AttemptOwner, own: RuleOwner): Promise<DatedRule[] | undefined> {
  const { rows } = await db.pool.query<Sources>({
    name: 'read-budget-rules',
    text: READ_RULES,
    values: [owner.jobId, owner.epoch, own.budgetStepId],
  });
  const [sources] = rows;
  if (!sources) return undefined;
  const rules = [
    ...(own.stepRule ? [always('STEP', own.budgetStepId, own.stepRule)] : []),
    ...(sources.jobRules ?? []).filter(({ period }) => !period).map((rule) => always('JOB', owner.jobId, rule)),
    ...(sources.workflowRules ?? [])
      .filter(({ period }) => period)
      .map((rule) => always('WORKFLOW', sources.workflowId, rule)),
    ...(sources.tenantRule ? [{ ...sources.tenantRule, scope: 'TENANT' as const, ownerId: sources.tenantId }] : []),
  ];
  const dated = rules.map((rule) => ({ ...rule, periodStart: sources.periods[rule.period] }));
  const known = new Map((sources.accounts ?? []).map((account) => [keyOf(account), account]));
  const ruled = new Set(dated.map(keyOf));
  const byHand = [...known.values()].filter((account) => account.byHand && !ruled.has(keyOf(account)));
  return [
    ...dated.map((rule) => ({ ...rule, exists: known.has(keyOf(rule)) })),
    ...byHand.map(({ byHand: _byHand, ...terms }) => ({
      ...terms,
      microUsd: null,
      tokens: null,
      action: 'WARN' as const,
      exists: true,
    })),
  ];
}

function always(scope: BudgetScope, ownerId: string, { action, microUsd, period, tokens }: BudgetRule) {
  return {
    scope,
    ownerId,
    period: (period?.toUpperCase() ?? 'ALWAYS') as BudgetPeriodKey,
    microUsd: microUsd ?? null,
    tokens: tokens ?? null,
    action: action.toUpperCase() as DatedRule['action'],
  };
}

function keyOf({
  ownerId,
  period,
  periodStart,
  scope,
}: BudgetTerms & { ownerId: string; periodStart: string }): string {
  return `${scope} ${ownerId} ${period} ${periodStart}`;
}

const UNITS = ['hour', 'day', 'week', 'month'];

/** When each period that holds this moment began. */
const PERIODS = `jsonb_build_object('ALWAYS', to_timestamp(0), ${UNITS.map(
  (unit) => `'${unit.toUpperCase()}', date_trunc('${unit}', now(), 'UTC')`,
).join(', ')})`;

/** SQL: when the present period of an account's kind began. */
export function presentPeriod(account: string): string {
  const cases = UNITS.map((unit) => `WHEN '${unit.toUpperCase()}' THEN date_trunc('${unit}', now(), 'UTC')`);
  return `CASE ${account}.period ${cases.join(' ')} ELSE to_timestamp(0) END`;
}

const READ_RULES = `
  SELECT j.tenant_id AS "tenantId", j.workflow_id AS "workflowId", own.definition->'budgets' AS "jobRules",
    newest.definition->'budgets' AS "workflowRules", ${PERIODS} AS periods,
    CASE WHEN t.budget_action IS NOT NULL THEN jsonb_build_object('microUsd', t.budget_micro_usd, 'tokens', t.budget_tokens,
      'action', t.budget_action, 'period', coalesce(t.budget_period, 'ALWAYS')) END AS "tenantRule",
    (SELECT jsonb_agg(jsonb_build_object('scope', a.scope, 'ownerId', a.owner_id, 'period', a.period,
       'periodStart', a.period_start, 'byHand', a.set_by_hand))
     FROM budget_account a
     WHERE (a.scope = 'JOB' AND a.owner_id = j.id) OR (a.scope = 'STEP' AND a.owner_id = $3)
       OR ((a.scope, a.owner_id) IN (('WORKFLOW', j.workflow_id), ('TENANT', j.tenant_id))
         AND a.period_start = ${presentPeriod('a')})) AS accounts
  FROM job j JOIN tenant t ON t.id = j.tenant_id
    JOIN workflow w ON w.id = j.workflow_id
    JOIN workflow_version own ON own.workflow_id = j.workflow_id AND own.version = j.workflow_version
    JOIN workflow_version newest ON newest.workflow_id = w.id AND newest.version = w.current_version
  WHERE j.id = $1 AND j.epoch = $2 AND j.status = 'RUNNING'`;
