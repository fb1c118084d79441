import type { BudgetRule } from '@signalbox/core/budget';
import type { ClaimedJob } from '@signalbox/db/executions';
import type { StepContext } from '@signalbox/plugin-sdk';
import type { AttemptCost } from './attempt-cost.ts';
import type { ExecutorParts } from './executor-parts.ts';
import type { JobSecrets } from './job-secrets.ts';
import type { PauseRequest } from './pause-request.ts';
import type { RunnableStepType } from './runnable-step-type.ts';
import type { StepInput } from './step-input.ts';
import type { StepLog } from './step-log.ts';
import type { StopRequest } from './stop-request.ts';

export interface ResumedAttempt {
  resume: NonNullable<StepContext<unknown>['resume']>;
  timeLeftMs: number | undefined;
}

export interface AttemptOptions {
  parts: ExecutorParts;
  job: ClaimedJob;
  step: { id: string; key: string; type: string };
  number: number;
  stepType: RunnableStepType;
  input: StepInput;
  timeoutMs: number | undefined;
  /** Set when the attempt goes on after a wait. */
  resumed?: ResumedAttempt;
  budget: BudgetRule | undefined;
  /** The step whose budget it is: of an item its forEach step. */
  budgetStepId: string;
  stop: StopRequest;
  pause: PauseRequest;
  log: StepLog;
  secrets: JobSecrets;
  cost: AttemptCost;
  onProgress(percent: number): void;
  /** One line about the agent, tool, model or program, from a step type that says it only now. */
  onUses(uses: string): void;
}
