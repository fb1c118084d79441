/** Limits on what models may cost: as a workflow writes them, and the exact amounts that they stand for. */
import { Fields, isObject } from './fields.ts';
import type { Path } from './issues.ts';
import type { Json, JsonObject } from './json.ts';
import { didYouMean } from './names.ts';
import type { SourceIssues } from './source-issues.ts';

export const BUDGET_ACTIONS = ['fail', 'pause', 'warn'] as const;
export type BudgetAction = (typeof BUDGET_ACTIONS)[number];
export const BUDGET_PERIODS = ['hour', 'day', 'week', 'month'] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

export interface BudgetRule {
  /** Whole millionths of a US dollar; absent means that money is not limited. */
  microUsd?: number;
  /** Of input and output together; absent means that tokens are not limited. */
  tokens?: number;
  /** What happens where a call does not fit. */
  action: BudgetAction;
  /** All jobs of the workflow together within each such span of time, in UTC; absent means each job for itself. */
  period?: BudgetPeriod;
}

const FIELDS = ['usd', 'tokens', 'action'];
const MOST_TOKENS = 1_000_000_000_000;
const USD_FORM = 'an amount in US dollars with at most 6 decimals, such as "0.50"';

/** Whole millionths of an amount such as `0.50`; undefined when it is none, or more than a billion dollars. */
export function parseUsd(value: unknown): number | undefined {
  const [, whole, decimals = ''] = /^(\d{1,9})(?:\.(\d{1,6}))?$/.exec(String(value)) ?? [];
  return whole === undefined ? undefined : Number(whole) * 1_000_000 + Number(decimals.padEnd(6, '0'));
}

/** A rule as a workflow writes it. */
export function writeBudget({ microUsd, ...rest }: BudgetRule): JsonObject {
  if (microUsd === undefined) return rest;
  const whole = Math.floor(microUsd / 1_000_000);
  const decimals = String(microUsd % 1_000_000)
    .padStart(6, '0')
    .replace(/0{1,4}$/, '');
  return { usd: `${whole}.${decimals}`, ...rest };
}

/** The `budget` of a workflow: one, or a list of them. Mistakes are complained about and left out. */
export function readBudgets(workflow: Fields, issues: SourceIssues): BudgetRule[] | undefined {
  const value = workflow.get('budget');
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) return [readRule(value, [...workflow.path, 'budget'], issues, true)].filter(isGiven);
  const rules = value.map((rule, index) => readRule(rule, [...workflow.path, 'budget', index], issues, true));
  for (const [index, rule] of rules.entries()) {
    if (rule && rules.slice(0, index).some((earlier) => earlier && earlier.period === rule.period)) {
      issues.add(
        [...workflow.path, 'budget', index],
        `There are two budgets for each ${rule.period ?? 'job'}. Make them one.`,
      );
    }
  }
  return rules.filter(isGiven);
}

function isGiven<T>(value: T | undefined): value is T {
  return value !== undefined;
}

/** The `budget` of a step. */
export function readStepBudget(step: Fields, issues: SourceIssues): BudgetRule | undefined {
  const value = step.get('budget');
  return value === undefined ? undefined : readRule(value, [...step.path, 'budget'], issues, false);
}

function readRule(value: Json, path: Path, issues: SourceIssues, mayHavePeriod: boolean): BudgetRule | undefined {
  if (!isObject(value)) {
    issues.add(path, 'A budget is an object with usd, tokens or both, such as { usd: "0.50", action: pause }.');
    return undefined;
  }
  const fields = new Fields(value, path, issues);
  const reason = '"period" is for the budget of a workflow; that of a step counts for one job.';
  fields.allowOnly(mayHavePeriod ? [...FIELDS, 'period'] : FIELDS, { period: reason });
  const usd = fields.get('usd');
  const microUsd = usd === undefined ? undefined : parseUsd(usd);
  if (usd !== undefined && microUsd === undefined) fields.complain('usd', `"usd" must be ${USD_FORM}.`);
  const tokens = fields.number('tokens', 0, MOST_TOKENS, true);
  if (usd === undefined && fields.get('tokens') === undefined)
    issues.add(path, 'A budget limits something: give it usd, tokens or both.');
  const action = readChoice(fields, 'action', BUDGET_ACTIONS) ?? 'fail';
  const period = mayHavePeriod ? readChoice(fields, 'period', BUDGET_PERIODS) : undefined;
  return {
    ...(microUsd !== undefined && { microUsd }),
    ...(tokens !== undefined && { tokens }),
    action,
    ...(period && { period }),
  };
}

function readChoice<Choice extends string>(fields: Fields, name: string, known: readonly Choice[]): Choice | undefined {
  const text = fields.text(name);
  const choice = known.find((one) => one === text);
  if (text !== undefined && !choice) {
    fields.complain(name, `"${name}" must be one of ${known.join(', ')}.${didYouMean(text, known)}`);
  }
  return choice;
}
