import type { StepContext } from './context.ts';
import { StepFailure } from './failure.ts';
import type { BudgetLimit } from './metering.ts';
import type { RecordedActivity, StepRun } from './step-run.ts';

type Record = Pick<StepRun<unknown>, 'activities' | 'costs'>;

/** `reserve` and `activity` of a test run: they write into its record. */
export function testMetering(
  record: Record,
  budget: Pick<BudgetLimit, 'microUsd' | 'tokens'> | undefined,
): Required<Pick<StepContext<unknown>, 'reserve' | 'activity'>> {
  const left = { microUsd: budget?.microUsd, tokens: budget?.tokens };
  const take = (microUsd: bigint, tokens: number) => {
    if (left.microUsd !== undefined) left.microUsd -= microUsd;
    if (left.tokens !== undefined) left.tokens -= tokens;
  };
  return {
    async reserve({ limit, model, tokens, microUsd = 0n }) {
      if ((left.microUsd ?? microUsd) < microUsd || (left.tokens ?? tokens) < tokens) {
        throw new StepFailure(`The budget has no room for a call of ${model}.`, { category: 'BUDGET' });
      }
      take(microUsd, tokens);
      return {
        limited: budget !== undefined || limit !== undefined,
        async settle(cost) {
          record.costs.push(cost);
          take((cost.microUsd ?? 0n) - microUsd, (cost.inputTokens ?? 0) + (cost.outputTokens ?? 0) - tokens);
        },
        async release() {
          take(-microUsd, -tokens);
        },
      };
    },
    activity({ parent, ...start }) {
      const activity: RecordedActivity = { ...start, id: `activity-${record.activities.length + 1}` };
      if (parent) activity.parentId = parent.id;
      record.activities.push(activity);
      return {
        id: activity.id,
        end(end) {
          activity.end ??= end;
        },
      };
    },
  };
}
