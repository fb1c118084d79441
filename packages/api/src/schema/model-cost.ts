import { costsByModel, type ModelCost as ModelCostShape } from '@signalbox/db/costs';
import { builder } from '../builder.ts';
import { Job } from './job.ts';

const ModelCost = builder.objectRef<ModelCostShape>('ModelCost').implement({
  description: 'What one model has cost a job, at the prices of one list.',
  fields: (t) => ({
    model: t.exposeString('model', { nullable: true, description: 'The model; null for what was no call of a model.' }),
    priceVersion: t.exposeString('priceVersion', {
      nullable: true,
      description: 'The list of prices the amount comes from, with its version; null where no list was used.',
    }),
    calls: t.exposeInt('calls', { description: 'How often it was called.' }),
    microUsd: t.field({
      type: 'BigInt',
      nullable: true,
      description: 'Millionths of a US dollar; null when the price is not known.',
      resolve: ({ calls, microUsd, unpricedCalls }) => (unpricedCalls === calls ? null : microUsd),
    }),
    inputTokens: t.expose('inputTokens', { type: 'BigInt', description: 'Tokens that were sent to it.' }),
    outputTokens: t.expose('outputTokens', { type: 'BigInt', description: 'Tokens that it answered with.' }),
    estimatedCalls: t.exposeInt('partialCalls', {
      description: 'Calls that broke off before the server told what they used: their part is an estimate.',
    }),
  }),
});

builder.prismaObjectField(Job, 'costByModel', (t) =>
  t.field({
    type: [ModelCost],
    description: 'What each model has cost it, the dearest first. The sums are those of `cost`.',
    complexity: { field: 5, multiplier: 5 },
    resolve: ({ id }, _args, { services }) => costsByModel(services.db, id),
  }),
);
