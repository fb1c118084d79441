import type { BudgetLimit } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';

/** The `budget` field of prompt and agent steps. */
export const budgetSchema = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  title: 'Budget',
  description: 'What this step may cost at most, over all its attempts. Held before each call of the model.',
  properties: {
    usd: {
      type: ['string', 'number'],
      title: 'US dollars',
      description: 'An exact amount with at most 6 decimals.',
      examples: ['0.50'],
    },
    tokens: { type: 'integer', minimum: 0, title: 'Tokens', description: 'Of input and output together.' },
    action: {
      type: 'string',
      enum: ['fail', 'pause', 'warn'],
      default: 'fail',
      title: 'Action',
      description:
        'What happens where a call does not fit: the step fails, the job pauses, or a warning is logged once.',
    },
  },
};

/** Throws a USER_INPUT failure for an amount that is none. */
export function limitOf(budget: unknown): BudgetLimit | undefined {
  if (typeof budget !== 'object' || budget === null) return undefined;
  const { action, tokens, usd }: { action?: BudgetLimit['action']; tokens?: number; usd?: string | number } = budget;
  return {
    ...(usd === undefined ? {} : { microUsd: microUsd(usd) }),
    ...(tokens === undefined ? {} : { tokens }),
    ...(action === undefined ? {} : { action }),
  };
}

function microUsd(usd: string | number): bigint {
  const [, whole, decimals = ''] = /^(\d{1,9})(?:\.(\d{1,6}))?$/.exec(String(usd)) ?? [];
  if (whole !== undefined) return BigInt(whole) * 1_000_000n + BigInt(decimals.padEnd(6, '0'));
  const message = `The budget's usd must be an amount with at most 6 decimals, such as "0.50", and not ${usd}.`;
  throw new StepFailure(message, { category: 'USER_INPUT', retryable: false });
}
