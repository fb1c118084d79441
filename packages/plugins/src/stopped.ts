import type { StepContext } from '@signalbox/plugin-sdk';

/** Ends a step that was told to stop. The checkpoint throws what the host wants to see; if it does not, this does. */
export async function endStopped(ctx: StepContext<unknown>): Promise<never> {
  await ctx.checkpoint();
  throw new Error(`The step was stopped: ${String(ctx.signal.reason)}.`);
}
