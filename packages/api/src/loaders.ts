import type { WorkflowDefinition } from '@signalbox/core/definition';
import type { UsualRuns } from '@signalbox/core/usual-run';
import { type Budget, readJobBudgets, readStepBudgets } from '@signalbox/db/budget-views';
import type { Database } from '@signalbox/db/client';
import { findRootCauses, type RootCause } from '@signalbox/db/diagnosis';
import { lookAtRuns, type RunSight, readUsualRuns } from '@signalbox/db/usual-runs';
import { lookAtStepWaits } from '@signalbox/db/wait-sights';
import { readWorkflowPasts, type WorkflowPast } from '@signalbox/db/workflow-past';
import DataLoader from 'dataloader';
import type { FieldNode, GraphQLResolveInfo } from 'graphql';
import { SideLoader } from './side-loader.ts';
import { reasonOf, type StepWait } from './wait-reasons.ts';

export interface VersionKey {
  workflowId: string;
  version: number;
}

export interface LoadedVersion {
  source: string;
  definition: WorkflowDefinition;
}

export interface StepAddress {
  jobId: string;
  key: string;
}

/** Reads that a list would otherwise make once per row, gathered into one statement. They live as long as one context. */
export interface Loaders {
  /** What rows show from beside the job: one statement for whatever kinds of it a page needs. */
  sides: SideLoader;
  /** What models may cost; null when nothing limits it. */
  jobBudget: DataLoader<string, Budget | null>;
  stepBudget: DataLoader<string, Budget | null>;
  version: DataLoader<VersionKey, LoadedVersion, string>;
  /** Of a failed job the step that failed first; null when no step is to blame. */
  rootCause: DataLoader<string, RootCause | null>;
  /** How long jobs of a version took that completed lately. */
  usualRuns: DataLoader<VersionKey, UsualRuns, string>;
  /** The newest jobs of a workflow, by its slug. */
  workflowPast: DataLoader<string, WorkflowPast>;
  /** How far a job has come; null when it is gone. */
  run: DataLoader<string, RunSight | null>;
  /** What a WAITING step waits for; null when it does not. */
  stepWait: DataLoader<string, StepWait | null>;
  /** What one field of the operation reads with: all its rows share it, with the columns that its selection needs. */
  forField<Reader>(info: GraphQLResolveInfo, create: () => Reader): Reader;
}

export function createLoaders(db: Database, tenantId: string): Loaders {
  const byField = new Map<FieldNode | undefined, unknown>();
  return {
    sides: new SideLoader(db),
    jobBudget: new DataLoader(async (jobIds) => {
      const budgets = await readJobBudgets(db, jobIds);
      return jobIds.map((id) => budgets.get(id) ?? null);
    }),
    stepBudget: new DataLoader(async (stepIds) => {
      const budgets = await readStepBudgets(db, stepIds);
      return stepIds.map((id) => budgets.get(id) ?? null);
    }),
    rootCause: new DataLoader(async (jobIds) => {
      const causes = await findRootCauses(db, jobIds);
      return jobIds.map((id) => causes.get(id) ?? null);
    }),
    usualRuns: new DataLoader<VersionKey, UsualRuns, string>((keys) => readUsualRuns(db, tenantId, keys), {
      cacheKeyFn: versionText,
    }),
    workflowPast: new DataLoader((slugs) => readWorkflowPasts(db, tenantId, slugs)),
    stepWait: new DataLoader(async (stepIds) => {
      const sights = await lookAtStepWaits(db, tenantId, stepIds);
      return stepIds.map((id) => {
        const sight = sights.get(id);
        return (sight && reasonOf([sight])) ?? null;
      });
    }),
    run: new DataLoader(async (jobIds) => {
      const sights = await lookAtRuns(db, tenantId, jobIds);
      return jobIds.map((id) => sights.get(id) ?? null);
    }),
    version: new DataLoader<VersionKey, LoadedVersion, string>(
      async (keys) => {
        const rows = await db.prisma.workflowVersion.findMany({
          where: { tenantId, OR: keys.map(({ workflowId, version }) => ({ workflowId, version })) },
          select: { workflowId: true, version: true, source: true, definition: true },
        });
        const found = new Map(rows.map((row) => [versionText(row), row]));
        return keys.map((key) => {
          const row = found.get(versionText(key));
          if (!row) return new Error(`workflow ${key.workflowId} has no version ${key.version}`);
          return { source: row.source, definition: row.definition as unknown as WorkflowDefinition };
        });
      },
      { cacheKeyFn: versionText },
    ),
    forField<Reader>(info: GraphQLResolveInfo, create: () => Reader) {
      // The same field node always has the same selection, and so the same kind of reader.
      const node = info.fieldNodes[0];
      const reader = (byField.get(node) as Reader | undefined) ?? create();
      byField.set(node, reader);
      return reader;
    },
  };
}

function versionText({ workflowId, version }: VersionKey): string {
  return `${workflowId}:${version}`;
}
