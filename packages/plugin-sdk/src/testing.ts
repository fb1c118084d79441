import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StepFailure } from './failure.ts';
import { isRecord } from './is-record.ts';
import type { Masking } from './masking.ts';
import { masking } from './masking.ts';
import type { RecordedFailure, RunOptions, StepRun } from './step-run.ts';
import type { StepType, Wait } from './step-type.ts';
import { unlessHanging } from './stop.ts';
import { testContext } from './test-context.ts';

export type { RecordedActivity, RecordedFailure, RecordedLine, RunOptions, StepRun } from './step-run.ts';

/**
 * Runs a step once, as a host would: in a temporary working folder, with real programs in process groups that are
 * killed at the end, secrets masked, and everything recorded. Never throws for what the step does wrong.
 *
 * @example
 * const { output, failure, lines } = await runStep(shout, { config: { text: 'hello' } });
 */
export async function runStep<C, O>(stepType: StepType<C, O>, options: RunOptions<C> = {}): Promise<StepRun<O>> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-step-'));
  const cancel = new AbortController();
  const signal = AbortSignal.any(options.signal ? [cancel.signal, options.signal] : [cancel.signal]);
  const record: StepRun<O> = { lines: [], artifacts: [], costs: [], activities: [], progress: [] };
  const masks = masking();
  const { ctx, groups } = testContext(stepType, options, { folder, signal, masking: masks, record });
  signal.addEventListener('abort', groups.stop, { once: true });
  const timer =
    options.abortAfterMs === undefined ? undefined : setTimeout(() => cancel.abort('cancelled'), options.abortAfterMs);

  try {
    const result = await unlessHanging((async () => stepType.run(ctx))(), signal);
    if (isWait(result)) record.wait = result.wait;
    else record.output = masks.json(result) as O;
  } catch (error) {
    record.failure = failureOf(error, signal, masks);
  } finally {
    clearTimeout(timer);
    await groups.end();
    await rm(folder, { recursive: true, force: true });
  }
  return record;
}

function isWait(result: unknown): result is Wait {
  return isRecord(result) && isRecord(result.wait);
}

function failureOf(error: unknown, signal: AbortSignal, masks: Masking): RecordedFailure {
  const message = masks.text(error instanceof Error ? error.message : String(error));
  if (signal.aborted) return { message, category: signal.reason === 'timeout' ? 'TIMEOUT' : 'CANCELLED', cause: error };
  if (!(error instanceof StepFailure)) return { message, category: 'PLUGIN', cause: error };
  const { category, retryable, retryAfterMs } = error;
  return {
    message,
    category,
    ...(retryable === undefined ? {} : { retryable }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    cause: error,
  };
}
