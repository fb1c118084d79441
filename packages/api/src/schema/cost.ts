import type { Cost as CostShape } from '@signalbox/db/cost';
import { builder } from '../builder.ts';

export const NO_COST: CostShape = {
  microUsd: 0n,
  inputTokens: 0n,
  outputTokens: 0n,
  unpricedModels: [],
  costPartial: false,
};

export const Cost = builder.objectRef<CostShape>('Cost').implement({
  description:
    'What model calls have cost so far, all attempts included. The amount holds what is known: see `complete` for whether that is all.',
  fields: (t) => ({
    microUsd: t.expose('microUsd', { type: 'BigInt', description: 'Millionths of a US dollar: 1500000 is $1.50.' }),
    inputTokens: t.expose('inputTokens', { type: 'BigInt', description: 'Tokens that were sent to models.' }),
    outputTokens: t.expose('outputTokens', { type: 'BigInt', description: 'Tokens that models answered with.' }),
    complete: t.boolean({
      description:
        'Whether this is all of it. False when the price of some model is not known (see `unpricedModels`), and when a call broke off before its server told what it used: then its part is an estimate.',
      resolve: ({ costPartial, unpricedModels }) => !costPartial && unpricedModels.length === 0,
    }),
    unpricedModels: t.exposeStringList('unpricedModels', {
      description: 'Models that were called and whose price is not known: their tokens count, their money does not.',
    }),
  }),
});
