import type { Tightness } from '@signalbox/db/budgets';
import type { ReservationRequest } from '@signalbox/plugin-sdk';

const OWNERS = { STEP: 'step', JOB: 'job', WORKFLOW: 'workflow', TENANT: 'tenant' } as const;
const SPANS = {
  ALWAYS: '',
  HOUR: ' for this hour',
  DAY: ' for today',
  WEEK: ' for this week',
  MONTH: ' for this month',
};

/** Why a call does not fit into a budget, in words for people. */
export function tightnessMessage(by: Tightness, { microUsd, model, tokens }: ReservationRequest): string {
  const budget = `The budget of the ${OWNERS[by.scope]}${SPANS[by.period]}`;
  if (by.unpriced)
    return `${budget} is in money only, and the price of ${model} is not known. Give it a limit in tokens, or use a model with a known price.`;
  if (by.limitMicroUsd !== null && microUsd !== undefined && by.usedMicroUsd + microUsd > by.limitMicroUsd) {
    return `${budget} has no room for a call of ${model}: ${dollars(by.usedMicroUsd)} of ${dollars(by.limitMicroUsd)} are spent or reserved, and the call may cost up to ${dollars(microUsd)}.`;
  }
  return `${budget} has no room for a call of ${model}: ${by.usedTokens} of ${by.limitTokens ?? 0n} tokens are used or reserved, and the call may need up to ${tokens}.`;
}

/** What people can do about it. */
export function tightnessAdvice({ scope }: Tightness): string {
  if (scope === 'STEP' || scope === 'JOB') return 'Raise it with setJobBudget, and resume the job.';
  if (scope === 'WORKFLOW') return 'Raise it in the workflow, or wait for its next period, and resume the job.';
  return 'Raise it with setTenantBudget, or wait for its next period, and resume the job.';
}

/** An exact amount, with as many decimals as it has and at least two. */
function dollars(microUsd: bigint): string {
  const decimals = String(microUsd % 1_000_000n)
    .padStart(6, '0')
    .replace(/0{1,4}$/, '');
  return `$${microUsd / 1_000_000n}.${decimals}`;
}
