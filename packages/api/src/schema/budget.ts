/** Limits on what models may cost: how much of them is gone, and how they are set by hand. */
import { parseUsd } from '@signalbox/core/budget';
import { type BudgetActionKey, type HandLimit, setJobBudget, setTenantBudget } from '@signalbox/db/budget-limits';
import type { BudgetPeriodKey, BudgetScope as BudgetScopeKey } from '@signalbox/db/budget-rules';
import { type Budget as BudgetShape, readPeriodBudgets } from '@signalbox/db/budget-views';
import { InvalidInputError } from '@signalbox/db/failures';
import { builder } from '../builder.ts';
import { ForbiddenError } from '../forbidden.ts';
import { announce } from '../job-commands.ts';
import { invalid } from '../job-request.ts';
import { Job } from './job.ts';
import { idArg, JobResult, readJob } from './job-result.ts';
import { JobStep } from './job-step.ts';
import { Workflow } from './workflow.ts';

const SCOPES: Record<BudgetScopeKey, { description: string }> = {
  STEP: { description: 'One step of one job, all its attempts and items included.' },
  JOB: { description: 'One job.' },
  WORKFLOW: { description: 'All jobs of a workflow within a period.' },
  TENANT: { description: 'All jobs of the tenant within a period.' },
};
const BudgetScope = builder.enumType('BudgetScope', { description: 'What a budget counts.', values: SCOPES });

const ACTIONS: Record<BudgetActionKey, { description: string }> = {
  FAIL: { description: 'The step fails, with the category BUDGET.' },
  PAUSE: { description: 'The job pauses. Once the budget was raised it can be resumed.' },
  WARN: { description: 'The call is made all the same, and the first time a warning is logged.' },
};
const BudgetAction = builder.enumType('BudgetAction', {
  description: 'What happens where the most that a call may cost does not fit into what is left.',
  values: ACTIONS,
});

const PERIODS: Record<BudgetPeriodKey, { description: string }> = {
  ALWAYS: { description: 'Without end.' },
  HOUR: { description: 'Each hour.' },
  DAY: { description: 'Each day.' },
  WEEK: { description: 'Each week from Monday.' },
  MONTH: { description: 'Each month.' },
};
const BudgetPeriod = builder.enumType('BudgetPeriod', {
  description: 'After how long a budget begins anew, in UTC.',
  values: PERIODS,
});

const Budget = builder.objectRef<BudgetShape>('Budget').implement({
  description:
    'A limit on what models may cost. The most that a call may cost is reserved before it is made, so that calls beside each other never pass the limit together; afterwards what it really cost is spent, and the rest given back.',
  fields: (t) => ({
    scope: t.expose('scope', { type: BudgetScope, description: 'What it counts.' }),
    period: t.expose('period', { type: BudgetPeriod, description: 'After how long it begins anew.' }),
    periodStart: t.expose('periodStart', {
      type: 'DateTime',
      nullable: true,
      description: 'When the present period began; null when it has none.',
    }),
    limitMicroUsd: t.expose('limitMicroUsd', {
      type: 'BigInt',
      nullable: true,
      description: 'Millionths of a US dollar that may be spent; null when money is not limited.',
    }),
    limitTokens: t.expose('limitTokens', {
      type: 'BigInt',
      nullable: true,
      description: 'Tokens of input and output that may be used; null when tokens are not limited.',
    }),
    action: t.expose('action', { type: BudgetAction, description: 'What happens where a call does not fit.' }),
    setByHand: t.exposeBoolean('setByHand', {
      description: 'Whether the limit was set by a mutation, and not by the workflow.',
    }),
    spentMicroUsd: t.expose('spentMicroUsd', {
      type: 'BigInt',
      description: 'Millionths of a US dollar that are spent.',
    }),
    spentTokens: t.expose('spentTokens', { type: 'BigInt', description: 'Tokens that are used.' }),
    reservedMicroUsd: t.expose('reservedMicroUsd', {
      type: 'BigInt',
      description: 'Millionths of a US dollar that calls under way may cost at most.',
    }),
    reservedTokens: t.expose('reservedTokens', {
      type: 'BigInt',
      description: 'Tokens that calls under way may use at most.',
    }),
  }),
});

builder.prismaObjectField(Job, 'budget', (t) =>
  t.field({
    type: Budget,
    nullable: true,
    description:
      'What models may cost in this job; null when nothing limits it. Its workflow and tenant may have budgets too.',
    complexity: 5,
    resolve: ({ id }, _args, { loaders }) => loaders.jobBudget.load(id),
  }),
);

builder.prismaObjectField(JobStep, 'budget', (t) =>
  t.field({
    type: Budget,
    nullable: true,
    description:
      'What models may cost in this step, its attempts and items included, as `budget` of the step gives it or setJobBudget; null when nothing does. One under `with` is in the step’s input.',
    complexity: 5,
    resolve: ({ id }, _args, { loaders }) => loaders.stepBudget.load(id),
  }),
);

builder.prismaObjectField(Workflow, 'budgets', (t) =>
  t.field({
    type: [Budget],
    description: 'What all its jobs together may cost within each period, as its newest version says.',
    complexity: { field: 5, multiplier: 2 },
    resolve: ({ id }, _args, { services }) => readPeriodBudgets(services.db, 'WORKFLOW', id),
  }),
);

builder.queryField('tenantBudget', (t) =>
  t.field({
    type: Budget,
    nullable: true,
    description: 'What models may cost in all jobs together; null when nothing limits it.',
    authScopes: { right: 'admin' },
    resolve: async (_root, _args, { services, viewer }) =>
      (await readPeriodBudgets(services.db, 'TENANT', viewer.tenantId))[0] ?? null,
  }),
);

const limitArgs = builder.args((t) => ({
  usd: t.string({
    description: 'An exact amount in US dollars with at most 6 decimals, such as "0.50"; no limit when absent.',
  }),
  tokens: t.field({ type: 'BigInt', description: 'Tokens of input and output together; no limit when absent.' }),
  action: t.field({
    type: BudgetAction,
    description: 'What happens where a call does not fit; unless told as it was, and FAIL when it was nothing.',
  }),
}));

builder.mutationField('setJobBudget', (t) =>
  t.field({
    type: JobResult,
    description:
      'Sets what models may cost in a job, or in one of its steps, in place of what the workflow says. It counts at once for calls to come; a job that its budget has paused is then resumed by resumeJob. Without usd and tokens the limit set by hand is taken back. InvalidInput for an amount that is none.',
    args: {
      ...idArg,
      stepKey: t.arg.string({ description: 'Key of a step, to set its own budget; the job when absent.' }),
      ...limitArgs,
    },
    authScopes: { right: 'operate' },
    resolve: async (_root, { id, stepKey, ...limit }, context, info) => {
      const { services, viewer } = context;
      await setJobBudget(services.db, viewer.tenantId, id, stepKey ?? null, handLimit(limit));
      announce(services, id);
      return readJob(id, context, info);
    },
  }),
);

interface TenantBudgetShape {
  budget: BudgetShape | null;
}
const TenantBudget = builder.objectRef<TenantBudgetShape>('TenantBudget').implement({
  description: 'The budget of the tenant as it is now.',
  fields: (t) => ({
    budget: t.expose('budget', { type: Budget, nullable: true, description: 'Null when nothing limits it.' }),
  }),
});

const TenantBudgetResult = builder.errorUnion('TenantBudgetResult', {
  description: 'The budget of the tenant as it is now, or why nothing was done.',
  types: [TenantBudget, InvalidInputError, ForbiddenError],
  resolveType: () => 'TenantBudget',
});

builder.mutationField('setTenantBudget', (t) =>
  t.field({
    type: TenantBudgetResult,
    description:
      'Sets what models may cost in all jobs together within each period. It counts at once. Without usd and tokens there is no limit any more. InvalidInput for an amount that is none.',
    args: {
      ...limitArgs,
      period: t.arg({ type: BudgetPeriod, required: true, description: 'After how long it begins anew.' }),
    },
    authScopes: { right: 'admin' },
    resolve: async (_root, { period, ...limit }, { services, viewer }) => {
      await setTenantBudget(services.db, viewer.tenantId, { ...handLimit(limit), period });
      const [budget = null] = await readPeriodBudgets(services.db, 'TENANT', viewer.tenantId);
      return { budget };
    },
  }),
);

interface LimitArgs {
  usd?: string | null;
  tokens?: bigint | null;
  action?: BudgetActionKey | null;
}

/** Throws InvalidInputError for what is no amount. */
function handLimit({ action, tokens, usd }: LimitArgs): HandLimit {
  const microUsd = usd == null ? null : parseUsd(usd);
  const issues = [
    ...(microUsd === undefined
      ? [{ path: '/usd', message: 'It must be an amount in US dollars with at most 6 decimals, such as "0.50".' }]
      : []),
    ...(tokens != null && (tokens < 0n || tokens > 1_000_000_000_000n)
      ? [{ path: '/tokens', message: 'It must be a whole number from 0 to 1000000000000.' }]
      : []),
  ];
  if (issues.length > 0) throw invalid('The budget cannot be set', issues);
  return { microUsd: microUsd == null ? null : BigInt(microUsd), tokens: tokens ?? null, action: action ?? null };
}
