import type { ResultOf } from '../../app/graphql.ts';
import type { StepActivities } from './step-documents.ts';

type StepWithActivities = NonNullable<NonNullable<ResultOf<typeof StepActivities>['job']>['step']>;
export type Activity = StepWithActivities['activities']['edges'][number]['node'];
export type StepBudget = NonNullable<StepWithActivities['budget']>;

/** A turn with the calls of tools that it asked for. */
export interface Turn {
  activity: Activity;
  /** From 1 within its attempt. */
  number: number;
  calls: Activity[];
}

/** The activities as a tree. A call whose turn was left out, since it is too old, stands by itself. */
export function turnsOf(activities: readonly Activity[]): Turn[] {
  const turns = new Map<string, Turn>();
  const counts = new Map<number, number>();
  for (const activity of activities) {
    const turn = activity.parentId === null ? undefined : turns.get(activity.parentId);
    if (turn) {
      turn.calls.push(activity);
      continue;
    }
    const number = (counts.get(activity.attempt) ?? 0) + 1;
    counts.set(activity.attempt, number);
    turns.set(activity.id, { activity, number, calls: [] });
  }
  return [...turns.values()];
}

export interface ActivityTotals {
  turns: number;
  calls: number;
  inputTokens: number;
  outputTokens: number;
  microUsd: number;
  /** Whether the price of every call is known, and none of them is an estimate. */
  complete: boolean;
}

export function totalsOf(activities: readonly Activity[]): ActivityTotals {
  const totals = { turns: 0, calls: 0, inputTokens: 0, outputTokens: 0, microUsd: 0, complete: true };
  for (const { cost, kind } of activities) {
    if (kind === 'MODEL_TURN') totals.turns += 1;
    else totals.calls += 1;
    if (!cost) continue;
    totals.inputTokens += Number(cost.inputTokens ?? 0);
    totals.outputTokens += Number(cost.outputTokens ?? 0);
    totals.microUsd += Number(cost.microUsd ?? 0);
    totals.complete &&= cost.microUsd !== null && !cost.estimated;
  }
  return totals;
}

/** One line of what came of it, or of what it was given while that is all there is. */
export function gist({ error, input, kind, output }: Activity): string {
  if (error !== null) return error;
  if (kind === 'TOOL_CALL') return input === null ? '' : JSON.stringify(input);
  if (typeof output !== 'object' || output === null || !('text' in output) || typeof output.text !== 'string')
    return '';
  return output.text.trim().split('\n', 1)[0] ?? '';
}
