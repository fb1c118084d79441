import type { ClaimedJob } from '@signalbox/db/executions';
import type { StepType } from '@signalbox/plugin-sdk';
import type { AttemptCost } from './attempt-cost.ts';
import type { AttemptEnd } from './attempt-end.ts';
import type { ExecutorParts } from './executor-parts.ts';
import { LineStream } from './line-stream.ts';
import type { SecretMask } from './secret-mask.ts';
import { failureOf, isStepFailure } from './step-failure.ts';
import { stepContext } from './step-context.ts';
import type { StepInput } from './step-input.ts';
import type { StepLog } from './step-log.ts';
import { isWait, readOutput } from './step-output.ts';
import { StepProcesses } from './step-processes.ts';
import { StepStopped } from './step-stopped.ts';
import { isHard, type StopReason, type StopRequest } from './stop-request.ts';
import { catchingStrays } from './stray-errors.ts';

/** How long a step type may go on after its programs had to be gone; then it is given up and its outcome is settled. */
const GIVE_UP_AFTER_MS = 5_000;
const GIVE_UP_HARD_AFTER_MS = 500;
/** A shutdown has to be over within 15 s, whatever the grace of a cancel is. */
const SHUTDOWN_GRACE_MS = 8_000;
const GIVE_UP_SHUTDOWN_AFTER_MS = 2_000;

export interface AttemptOptions {
  parts: ExecutorParts;
  job: ClaimedJob;
  step: { id: string; key: string; type: string };
  number: number;
  stepType: StepType;
  input: StepInput;
  timeoutMs: number | undefined;
  stop: StopRequest;
  log: StepLog;
  mask: SecretMask;
  cost: AttemptCost;
  onProgress(percent: number): void;
}

/** Runs one try of a step to its end: when this resolves, nothing of it is alive. Never throws for what the step does. */
export async function runAttempt(options: AttemptOptions): Promise<AttemptEnd> {
  const { job, log, mask, number, parts, step, stop } = options;
  const logger = parts.logger.child({ jobId: job.id, step: step.key, attempt: number });
  const aborter = new AbortController();
  const stream = new LineStream();
  const attempt = { number, idempotencyKey: `${job.id}:${step.key}:${number}` };
  const ending = Promise.withResolvers<never>();
  let over = false;

  try {
    const folder = await parts.folders.create(job.executionId);
    const processes = new StepProcesses({
      folder,
      environment: {
        SIGNALBOX_JOB_ID: job.id,
        SIGNALBOX_STEP_KEY: step.key,
        SIGNALBOX_ATTEMPT: String(number),
        SIGNALBOX_IDEMPOTENCY_KEY: attempt.idempotencyKey,
        SIGNALBOX_EXECUTION_ID: job.executionId,
      },
      onLine: (line, from, reader) => stream.during(from, () => (reader ? reader(line, from) : log.write('INFO', from, line))),
      room: () => log.room(),
    });
    const onLost = () => void stop.ask('lease-lost');
    const context = stepContext({
      parts, job, step, attempt, folder, stream, log, mask, processes, onLost,
      config: options.input.config,
      signal: aborter.signal,
      cost: options.cost,
      onProgress: options.onProgress,
    });
    const end = (reason: StopReason | 'timeout') => {
      const { graceMs, giveUpMs } = patience(reason, parts.settings.cancelGraceSeconds * 1_000);
      if (!aborter.signal.aborted) aborter.abort(reason === 'hurry' ? 'shutdown' : reason);
      processes.end(graceMs, new StepStopped(aborter.signal.reason)).catch((error) => logger.error({ err: error }, 'a program could not be ended'));
      clearTimeout(giveUp);
      giveUp = setTimeout(() => ending.reject(new Error('The step type did not heed the request to stop.')), graceMs + giveUpMs);
    };
    let giveUp: NodeJS.Timeout | undefined;
    const timer = options.timeoutMs === undefined ? undefined : setTimeout(() => end('timeout'), options.timeoutMs);
    const unlisten = stop.listen(end);
    const sink = (error: unknown) => {
      if (!over) ending.reject(error);
      return !over;
    };
    try {
      const work = catchingStrays(sink, async () => options.stepType.run(context));
      const result = await Promise.race([work, ending.promise]);
      return completed(options, result, aborter.signal);
    } catch (error) {
      if (!isStepFailure(error) && !aborter.signal.aborted) logger.warn({ err: error }, 'a step type threw');
      return failed(options, error, aborter.signal);
    } finally {
      over = true;
      log.close();
      clearTimeout(timer);
      clearTimeout(giveUp);
      unlisten();
      if (!(await processes.end(0, new StepStopped('ended')))) log.system('ERROR', 'A program of this step could not be ended');
    }
  } catch (error) {
    logger.error({ err: error }, 'a step could not be run');
    return { status: 'FAILED', failure: { message: 'The worker could not run the step; its service log says why.', category: 'INTERNAL' } };
  }
}

function patience(reason: StopReason | 'timeout', cancelGraceMs: number): { graceMs: number; giveUpMs: number } {
  if (reason === 'shutdown') return { graceMs: Math.min(cancelGraceMs, SHUTDOWN_GRACE_MS), giveUpMs: GIVE_UP_SHUTDOWN_AFTER_MS };
  if (reason !== 'timeout' && isHard(reason)) return { graceMs: 0, giveUpMs: GIVE_UP_HARD_AFTER_MS };
  return { graceMs: cancelGraceMs, giveUpMs: GIVE_UP_AFTER_MS };
}

function completed(options: AttemptOptions, result: unknown, signal: AbortSignal): AttemptEnd {
  if (signal.reason === 'timeout') return timedOut(options);
  if (isWait(result)) {
    const message = 'The step asked to wait, which this version cannot do yet.';
    return { status: 'FAILED', failure: { message, category: 'CONFIGURATION', retryable: false } };
  }
  try {
    return { status: 'COMPLETED', output: options.mask.json(readOutput(options.stepType, result)) };
  } catch (error) {
    return failed(options, error, signal);
  }
}

function failed(options: AttemptOptions, error: unknown, signal: AbortSignal): AttemptEnd {
  if (signal.reason === 'timeout') return timedOut(options);
  if (options.stop.isCancel) return { status: 'CANCELLED' };
  if (options.stop.reason !== undefined) return { status: 'STOPPED' };
  const failure = failureOf(error);
  return { status: 'FAILED', failure: { ...failure, message: options.mask.text(failure.message) } };
}

function timedOut({ timeoutMs = 0 }: AttemptOptions): AttemptEnd {
  const message = `The step took longer than its timeout of ${timeoutMs / 1_000} s and was ended.`;
  return { status: 'FAILED', failure: { message, category: 'TIMEOUT' } };
}
