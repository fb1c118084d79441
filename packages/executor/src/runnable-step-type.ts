import type { StepContext, StepType } from '@signalbox/plugin-sdk';
import type { StepLog } from './step-log.ts';
import type { StepProcesses } from './step-processes.ts';

/** What a step type that runs elsewhere needs of the attempt, besides the context. */
export interface AttemptSide {
  log: StepLog;
  processes: StepProcesses;
  /** The text without the secrets of the job. */
  masked(text: string): string;
  /** One line for people about the agent, tool, model or program. */
  tellUses(uses: string): void;
}

/** A step type as the executor runs it: one that was written against the SDK is one. */
export interface RunnableStepType extends Omit<StepType, 'run'> {
  run(ctx: StepContext<Record<string, unknown>>, attempt: AttemptSide): Promise<unknown>;
}

export interface LoadedStepType {
  stepType: RunnableStepType;
  plugin: string;
  pluginVersion: string;
}

/** What this process can run, by step type; changes with the plugins. */
export type StepTypes = ReadonlyMap<string, LoadedStepType>;
