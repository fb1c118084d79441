import type { WorkflowDefinition } from './definition.ts';
import type { StepStatus } from './statuses.ts';
import { indexesByKey, orderSteps } from './step-graph.ts';

/**
 * The steps that a fork from `fromStep` takes over with their output: those that completed and that are neither that step nor
 * behind it. What is behind a step that failed or was cancelled is not taken over either, since that step runs again before it.
 */
export function reusableSteps(
  definition: WorkflowDefinition,
  statuses: ReadonlyMap<string, StepStatus>,
  fromStep: string,
): Set<string> {
  const { steps } = definition;
  const indexes = indexesByKey(steps);
  const runsAgain = new Set<string>();
  const reusable = new Set<string>();
  for (const index of orderSteps(steps).order) {
    const step = steps[index];
    if (!step) continue;
    const status = statuses.get(step.key);
    const again = step.key === fromStep || status === 'FAILED' || status === 'CANCELLED';
    if (again || step.needs.some((need) => indexes.has(need) && runsAgain.has(need))) runsAgain.add(step.key);
    else if (status === 'COMPLETED') reusable.add(step.key);
  }
  return reusable;
}
