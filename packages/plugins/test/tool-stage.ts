import { defineStepType } from '@signalbox/plugin-sdk';
import { hostOf } from '@signalbox/plugin-sdk/host';
import type { StepRun } from '@signalbox/plugin-sdk/testing';
import { runStep } from '@signalbox/plugin-sdk/testing';
import { openTools } from '../src/tools.ts';

/** Calls a tool in a working folder that `prepare` has filled. */
export function callTool(
  name: string,
  input: Record<string, unknown>,
  { prepare, secrets }: { prepare?(folder: string): Promise<unknown>; secrets?: Record<string, string> } = {},
): Promise<StepRun<Record<string, unknown>>> {
  const stepType = defineStepType<Record<string, unknown>, Record<string, unknown>>({
    type: 'test.tool',
    title: 'Tool',
    description: 'Calls a tool.',
    config: { type: 'object' },
    async run(ctx) {
      await prepare?.(await hostOf(ctx).folder());
      const [tool] = await openTools([name], ctx);
      return tool?.run(input, ctx) ?? {};
    },
  });
  return runStep(stepType, secrets ? { secrets } : {});
}
