import path from 'node:path';
import { failpoint } from '@signalbox/db/failpoints';
import { recordStepUses } from '@signalbox/db/step-uses';
import type { AttemptEnd } from './attempt-end.ts';
import { openMeters } from './attempt-meters.ts';
import type { AttemptOptions } from './attempt-options.ts';
import { AttemptStop } from './attempt-stop.ts';
import { jobTimeoutMessage } from './job-timeout.ts';
import { LineStream } from './line-stream.ts';
import { maskedError } from './masked-error.ts';
import { stepContext } from './step-context.ts';
import { failureOf, isStepFailure } from './step-failure.ts';
import { LONGEST_USES } from './step-input.ts';
import { readOutput } from './step-output.ts';
import { StepProcesses } from './step-processes.ts';
import { StepStopped } from './step-stopped.ts';
import { catchingStrays } from './stray-errors.ts';
import { isWait, readWait } from './wait-request.ts';

/** What is thrown at a program that is started after its attempt. One for all: making an error takes longer than a small step. */
const ENDED = new StepStopped('ended');

/** A step that runs for so long shows what it uses before it has ended. */
const USES_AFTER_MS = 250;

/** Runs one try of a step to its end, or to a wait: when this resolves, nothing of it is alive. Never throws for what the step does. */
export async function runAttempt(options: AttemptOptions): Promise<AttemptEnd> {
  const { job, number, parts, secrets, step } = options;
  const about = { jobId: job.id, step: step.key, attempt: number };
  const shown = (error: unknown) => ({ ...about, err: maskedError(error, secrets.mask) });
  try {
    return await runIn(options, (error, message) => parts.logger.warn(shown(error), message));
  } catch (error) {
    parts.logger.error(shown(error), 'a step could not be run');
    return {
      status: 'FAILED',
      failure: { message: 'The worker could not run the step; its service log says why.', category: 'INTERNAL' },
    };
  }
}

async function runIn(options: AttemptOptions, warn: (error: unknown, message: string) => void): Promise<AttemptEnd> {
  const { job, log, number, parts, resumed, secrets, step, stepType, stop } = options;
  const timeoutMs = resumed ? resumed.timeLeftMs : options.timeoutMs;
  const startedAt = performance.now();
  const aborter = new AbortController();
  const { signal } = aborter;
  const stream = new LineStream();
  const attempt = { number, idempotencyKey: `${job.id}:${step.key}:${number}` };
  const processes = new StepProcesses({
    folder: () => parts.folders.make(job.id),
    watch: parts.programs,
    meter: options.cost.meter,
    environment: {
      SIGNALBOX_JOB_ID: job.id,
      SIGNALBOX_STEP_KEY: step.key,
      SIGNALBOX_ATTEMPT: String(number),
      SIGNALBOX_IDEMPOTENCY_KEY: attempt.idempotencyKey,
      SIGNALBOX_EXECUTION_ID: job.executionId,
      // Where relative paths that people write in inputs start, and where files that ship with workflows lie.
      SIGNALBOX_START_DIR: process.cwd(),
      SIGNALBOX_WORKFLOWS_DIR: path.resolve(parts.settings.workflowsDir),
    },
    onLine: (line, from, reader) =>
      stream.during(from, () => (reader ? reader(line, from) : log.write('INFO', from, line))),
    room: () => log.room(),
  });
  const meters = openMeters(options, () => aborter.abort('paused'));
  const context = stepContext({
    ...meters,
    parts,
    job,
    step,
    attempt,
    resume: resumed?.resume,
    folder: parts.folders.path(job.id),
    signal,
    log,
    stream,
    processes,
    secrets,
    config: options.input.config,
    cost: options.cost,
    onProgress: options.onProgress,
    onLost: () => void stop.ask('lease-lost'),
    pausing: () => options.pause.asked,
    onPause: () => aborter.abort('paused'),
  });
  const masked = (text: string) => secrets.mask.text(text);
  let usesTimer: NodeJS.Timeout | undefined;
  const tellUses = (uses: string) => {
    const told = masked(uses).slice(0, LONGEST_USES);
    options.onUses(told);
    // A short step tells it with its end.
    usesTimer = setTimeout(() => {
      recordStepUses(parts.db, { jobId: job.id, epoch: job.epoch, stepId: step.id, number }, told).catch(
        (error: unknown) => warn(error, 'what a step uses could not be stored'),
      );
    }, USES_AFTER_MS);
  };
  const cancelGraceMs = parts.settings.cancelGraceSeconds * 1_000;
  const onError = (error: unknown) => warn(error, 'a program could not be ended');
  const ending = new AttemptStop(aborter, { stop, timeoutMs, cancelGraceMs, processes, onError });
  if (failpoint) await failpoint('step-start');
  try {
    const work = catchingStrays(
      { take: (error) => ending.fail(error), shown: (error) => maskedError(error, secrets.mask) },
      async () => stepType.run(context, { log, processes, masked, tellUses }),
    );
    const result = await Promise.race([work, ending.over]);
    if (ending.timedOut) return timedOut(options);
    const timeLeftMs = timeoutMs === undefined ? null : Math.max(0, timeoutMs - (performance.now() - startedAt));
    return completed(options, result, timeLeftMs);
  } catch (error) {
    if (ending.timedOut) return timedOut(options);
    if (stop.isCancel) return { status: 'CANCELLED' };
    if (stop.reason !== undefined) return { status: 'STOPPED' };
    if (signal.reason === 'paused') return { status: 'PAUSED' };
    if (!isStepFailure(error)) warn(error, 'a step type threw');
    return failed(options, error);
  } finally {
    ending.close();
    clearTimeout(usesTimer);
    log.close();
    try {
      // First: what follows waits for the database.
      if (!(await processes.end(0, ENDED))) log.system('ERROR', 'A program of this step could not be ended');
    } finally {
      await meters.reservations.close();
      await meters.records.close();
    }
  }
}

function completed(options: AttemptOptions, result: unknown, timeLeftMs: number | null): AttemptEnd {
  try {
    if (isWait(result)) return { status: 'WAITING', wait: readWait(result, options.secrets.mask), timeLeftMs };
    return { status: 'COMPLETED', output: options.secrets.mask.json(readOutput(options.stepType, result)) };
  } catch (error) {
    return failed(options, error);
  }
}

function failed({ secrets }: AttemptOptions, error: unknown): AttemptEnd {
  return { status: 'FAILED', failure: failureOf(error, secrets.mask) };
}

function timedOut({ job, stop, timeoutMs }: AttemptOptions): AttemptEnd {
  if (stop.reason !== 'timed-out') return stepTimedOut(timeoutMs);
  return { status: 'FAILED', failure: { message: jobTimeoutMessage(job.definition), category: 'TIMEOUT' } };
}

export function stepTimedOut(timeoutMs = 0): AttemptEnd & { status: 'FAILED' } {
  const message = `The step took longer than its timeout of ${timeoutMs / 1_000} s and was ended.`;
  return { status: 'FAILED', failure: { message, category: 'TIMEOUT' } };
}
