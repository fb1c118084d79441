import type { ObjectSchema, StepContext } from '@signalbox/plugin-sdk';

/** Something that a tool step can call. */
export interface Tool {
  name: string;
  /** Validates the step's `input`. Defaults stand in descriptions: validators leave them out inside an `if`. */
  input: ObjectSchema;
  run(input: Record<string, unknown>, ctx: StepContext<unknown>): Promise<Record<string, unknown>>;
}
