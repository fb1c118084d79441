// The whole contract with plugin authors, version 1. Names, meanings and defaults here may not break.
export type { LogLevel, StepContext } from './context.ts';
export type { FailureCategory, StepFailureOptions } from './failure.ts';
export { StepFailure } from './failure.ts';
export type {
  Activity,
  ActivityEnd,
  ActivityStart,
  BudgetLimit,
  CostEntry,
  Reservation,
  ReservationRequest,
} from './metering.ts';
export type { Plugin } from './plugin.ts';
export { definePlugin } from './plugin.ts';
export type { ObjectSchema } from './schema.ts';
export type { SpawnOptions, SpawnResult } from './spawn.ts';
export type { StepType, Wait } from './step-type.ts';
export { defineStepType } from './step-type.ts';
