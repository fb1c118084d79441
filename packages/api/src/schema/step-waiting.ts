import type { StepDefinition } from '@signalbox/core/definition';
import { MOST_AT_ONCE } from '@signalbox/core/item-plan';
import { retryDelay } from '@signalbox/core/retry';
import { isFinalStepStatus } from '@signalbox/core/statuses';
import { lookAtSteps, type StepSight } from '@signalbox/db/step-sight';
import DataLoader from 'dataloader';
import { builder } from '../builder.ts';
import type { Loaders } from '../loaders.ts';
import { JobStep } from './job-step.ts';
import { type Wait, WaitingFor } from './waiting-for.ts';

builder.prismaObjectField(JobStep, 'waitingFor', (t) =>
  t.field({
    type: WaitingFor,
    nullable: true,
    description: 'Why it does not run now; null while it runs and when it is settled.',
    complexity: 5,
    select: { id: true, status: true },
    resolve: async ({ id, status }, _args, { loaders, services, viewer }, info) => {
      if (status === 'RUNNING' || isFinalStepStatus(status)) return null;
      if (status === 'WAITING') return (await loaders.stepWait.load(id)) ?? STEP;
      const loader = loaders.forField(
        info,
        () =>
          new DataLoader<string, StepSight | null, string>(async (ids) => {
            const sights = await lookAtSteps(services.db, viewer.tenantId, ids);
            return ids.map((one) => sights.get(one) ?? null);
          }),
      );
      const sight = await loader.load(id);
      return sight && waitOf(sight, await definitionOf(sight, loaders));
    },
  }),
);

/** Its wait has just ended, or just begun. */
const STEP: Wait = { reason: 'STEP', message: 'It waits for a time, an approval or another job.' };

async function definitionOf(sight: StepSight, loaders: Loaders): Promise<StepDefinition | undefined> {
  const { definition } = await loaders.version.load({ workflowId: sight.workflowId, version: sight.version });
  return definition.steps.find(({ key }) => key === sight.workflowStep);
}

function waitOf(sight: StepSight, definition: StepDefinition | undefined): Wait | null {
  const { jobStatus, openNeeds } = sight;
  if (sight.status !== 'PENDING') return null;
  const needs = openNeeds.length > 0 ? `It needs ${quoted(openNeeds)} to be settled.` : undefined;
  if (jobStatus !== 'RUNNING' && jobStatus !== 'WAITING') {
    const message = `The job is ${jobStatus}.${needs ? ` ${needs}` : ''}`;
    return { reason: jobStatus === 'PAUSED' ? 'RESUME' : 'JOB_NOT_RUNNING', message, stepKeys: openNeeds };
  }
  if (needs) return { reason: 'NEEDS', message: needs, stepKeys: openNeeds };
  if (sight.pauseRequested) {
    return { reason: 'RESUME', message: 'The job is being paused: no further step starts before it is resumed.' };
  }
  return (
    retry(sight, definition) ?? parallel(sight, definition) ?? { reason: 'TURN', message: 'It starts in a moment.' }
  );
}

function retry({ failedAs, failedAt, failures }: StepSight, definition: StepDefinition | undefined): Wait | undefined {
  if (!failedAt || !failedAs || !definition?.retry) return undefined;
  // That it is tried again is decided already; how long after the failure at most is asked here.
  const delay = retryDelay({ ...definition.retry, on: [failedAs] }, failures, failedAs) ?? 0;
  const until = new Date(failedAt.getTime() + delay);
  const message = `Try ${failures} of ${definition.retry.attempts} failed (${failedAs}). The next one follows by ${until.toISOString()}.`;
  return { reason: 'RETRY', message, until };
}

function parallel({ isItem, items, running }: StepSight, definition: StepDefinition | undefined): Wait | undefined {
  const limit = Math.min(definition?.maxParallel ?? MOST_AT_ONCE, MOST_AT_ONCE);
  if (isItem && items >= limit) {
    const message = `${items} items of "${definition?.key}" are under way, and no more than ${limit} may be.`;
    return { reason: 'PARALLEL', message, limit };
  }
  if (running < MOST_AT_ONCE) return undefined;
  const message = `${running} steps of the job run, and no more than ${MOST_AT_ONCE} may.`;
  return { reason: 'PARALLEL', message, limit: MOST_AT_ONCE };
}

function quoted(keys: readonly string[]): string {
  return keys.map((key) => `"${key}"`).join(', ');
}
