import path from 'node:path';
import type { BudgetRule } from '@signalbox/core/budget';
import { readActivities } from '@signalbox/db/activities';
import { readJobBudgets } from '@signalbox/db/budget-views';
import { sumCosts } from '@signalbox/db/costs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

/** More than a number can carry exactly. */
const AMOUNT = 9_007_199_254_740_993n;

const BUDGETS: BudgetRule[] = [{ microUsd: 1_000, action: 'fail' }];

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.startExecutor({ SIGNALBOX_PLUGINS: path.join(import.meta.dirname, 'fixtures', 'metering.ts') });
});
afterAll(() => stage.close());

const talk = (turns: number, microUsd: bigint, more: object = {}) => ({
  key: 'talk',
  type: 'acme.talk',
  with: { turns, microUsd: String(microUsd), ...more },
});

describe("a stranger's step type", () => {
  test('has its activities kept as a tree, and what it settles counted to the last millionth', async () => {
    const id = await stage.queue([talk(2, AMOUNT)]);
    const job = await stage.settled(id);
    expect(job).toMatchObject({ status: 'COMPLETED', output: { limits: [false, false] } });
    const activities = await readActivities(stage.db, job.step('talk').id, {
      attempt: null,
      limit: 50,
      backward: false,
    });
    expect(activities.map(({ kind, name, status }) => [kind, name, status])).toEqual([
      ['MODEL_TURN', 'acme/large', 'COMPLETED'],
      ['TOOL_CALL', 'acme.look', 'FAILED'],
      ['MODEL_TURN', 'acme/large', 'COMPLETED'],
      ['TOOL_CALL', 'acme.look', 'FAILED'],
      ['TOOL_CALL', 'acme.left-open', 'CANCELLED'],
    ]);
    expect(activities[1]).toMatchObject({ parentId: activities[0]?.id, error: 'Dark.' });
    expect(activities[2]).toMatchObject({ input: { turn: 2 }, output: 'turn 2', microUsd: AMOUNT, outputTokens: 2n });
    expect((await sumCosts(stage.db, [id])).get(id)).toMatchObject({
      microUsd: 2n * AMOUNT,
      inputTokens: 60n,
      outputTokens: 3n,
    });
  });

  test('is held to the budget of its job: a turn that does not fit is refused before it is made', async () => {
    const id = await stage.queue([talk(5, 300n)], { workflow: { budgets: BUDGETS } });
    expect(await stage.settled(id)).toMatchObject({ status: 'FAILED', category: 'BUDGET' });
    expect((await readJobBudgets(stage.db, [id])).get(id)).toMatchObject({ spentMicroUsd: 600n, reservedMicroUsd: 0n });
  });

  test('gives back what it has reserved and neither settled nor released', async () => {
    const id = await stage.queue([talk(1, 300n, { keep: true })], { workflow: { budgets: BUDGETS } });
    expect(await stage.settled(id)).toMatchObject({ status: 'COMPLETED', output: { limits: [true] } });
    expect((await readJobBudgets(stage.db, [id])).get(id)).toMatchObject({ spentMicroUsd: 300n, reservedMicroUsd: 0n });
  });
});
