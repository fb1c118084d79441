import type { RunnableStepType } from '../runnable-step-type.ts';
import { HostedRun } from './hosted-run.ts';
import type { ProcessPool } from './process-pool.ts';
import type { StepTypeDescription } from './protocol.ts';

/** A step type whose code runs in a process of its plugin. */
export function hostedStepType(description: StepTypeDescription, pool: ProcessPool): RunnableStepType {
  return {
    ...description,
    async run(ctx, attempt) {
      const process = await pool.acquire(ctx.signal);
      try {
        return await new HostedRun(process, ctx, attempt).run();
      } finally {
        pool.release(process);
      }
    },
  };
}
