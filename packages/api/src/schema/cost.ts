import type { Cost as CostShape } from '@signalbox/db/costs';
import { builder } from '../builder.ts';

export const Cost = builder.objectRef<CostShape>('Cost').implement({
  description:
    'What model calls have cost so far, all attempts included. Zero where nothing costs, or where the price is not known.',
  fields: (t) => ({
    microUsd: t.expose('microUsd', { type: 'BigInt', description: 'Millionths of a US dollar: 1500000 is $1.50.' }),
    inputTokens: t.expose('inputTokens', { type: 'BigInt', description: 'Tokens that were sent to models.' }),
    outputTokens: t.expose('outputTokens', { type: 'BigInt', description: 'Tokens that models answered with.' }),
  }),
});
