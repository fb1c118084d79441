import type { Database } from '@signalbox/db/client';
import { readMarks, releaseJob } from '@signalbox/db/executions';
import { failpoint } from '@signalbox/db/failpoints';
import type { JobChange } from '@signalbox/db/job-change';
import { pauseHeldJob } from '@signalbox/db/pause';
import { type ParkedRetry, waitWithHeldJob } from '@signalbox/db/waits';
import type { Logger } from 'pino';
import { obeyMarks } from './control.ts';
import type { HeldLease } from './held-jobs.ts';
import { cancelChange, type EndedStep, failedChange } from './job-changes.ts';
import type { JobLog } from './job-log.ts';
import type { JobState } from './job-state.ts';
import { jobTimeoutMessage } from './job-timeout.ts';
import { throughOutages } from './through-outages.ts';

export interface Ending {
  db: Database;
  logger: Logger;
  lease: HeldLease;
  log: JobLog;
  state: JobState;
  /** False when the job was lost. */
  write(change: Omit<JobChange, 'jobId' | 'epoch'>): Promise<boolean>;
  /** This program cannot go on with the job. */
  broken: boolean;
}

/** What becomes of a job that must stop, once nothing of it runs any more. */
export async function endJob(ending: Ending, ended: readonly EndedStep[]): Promise<void> {
  const { lease, logger } = ending;
  const { epoch, jobId, stop } = lease;
  if (stop.reason === 'lease-lost') {
    logger.warn({ jobId, epoch }, 'a lost job was put down: nothing of it runs here, and nothing was written');
  } else if (ending.broken) {
    await settleBroken(ending, ended);
  } else if (stop.isCancel) {
    await settleCancelled(ending, ended);
  } else if (stop.reason === 'timed-out') {
    await settleTimedOut(ending, ended);
  } else {
    await handBack(ending, ended);
  }
}

async function settleCancelled({ lease, log, state, write }: Ending, ended: readonly EndedStep[]): Promise<void> {
  const how = lease.stop.reason === 'forced' ? 'Job cancelled by force' : 'Job cancelled';
  say(log, 'WARNING', `${how}: nothing of it runs any more`);
  await write(cancelChange(state, ended));
}

async function settleBroken({ log, state, write }: Ending, ended: readonly EndedStep[]): Promise<void> {
  const message =
    'Signalbox could not go on with this job because of an error of its own; the service log of the worker has the details.';
  say(log, 'ERROR', message);
  await write(failedChange(state, ended, { message, category: 'INTERNAL' }, 'the job failed'));
}

async function settleTimedOut({ log, state, write }: Ending, ended: readonly EndedStep[]): Promise<void> {
  const message = jobTimeoutMessage(state.definition);
  say(log, 'ERROR', message);
  await write(failedChange(state, ended, { message, category: 'TIMEOUT' }, "the job's time was up"));
}

async function handBack(ending: Ending, ended: readonly EndedStep[]): Promise<void> {
  const { db, lease, log, logger, state, write } = ending;
  if (ended.length > 0 && !(await write({ ...state.progress(), ended: [...ended] }))) return;
  if (lease.pause.asked && (await pauseJob(ending))) return;
  say(log, 'INFO', 'The worker is being stopped: the job goes back to the queue and runs on elsewhere');
  if (!(await log.flush())) return;
  lease.settling = true;
  if (failpoint) await failpoint('before-release');
  if (await throughOutages(() => releaseJob(db, lease), lease.stop.lost)) {
    logger.info({ jobId: lease.jobId }, 'job handed back');
    return;
  }
  // A job with a pending cancel is not handed on.
  const [mark] = await throughOutages(() => readMarks(db, [lease.jobId]), lease.stop.lost);
  if (mark?.epoch === lease.epoch && mark.cancelRequestedAt) await settleCancelled(ending, []);
}

type PuttingDown = Omit<Ending, 'state' | 'write' | 'broken'>;

export function pauseJob(ending: PuttingDown): Promise<boolean> {
  return putDown(ending, () => pauseHeldJob(ending.db, ending.lease), 'job paused');
}

/** @param wakes how many ends of its waits are known */
export function letJobWait(ending: PuttingDown, wakes: number, retries: readonly ParkedRetry[]): Promise<boolean> {
  return putDown(ending, () => waitWithHeldJob(ending.db, ending.lease, wakes, retries), 'job waits');
}

/**
 * Puts a job down of which nothing runs. False when it has to go on, or to end otherwise: the lease knows by then which.
 * @param write does it; false when the state of the job forbids it
 */
async function putDown(
  { db, lease, log, logger }: PuttingDown,
  write: () => Promise<boolean>,
  done: string,
): Promise<boolean> {
  if (!(await log.flush())) {
    lease.stop.ask('lease-lost');
    return false;
  }
  lease.settling = true;
  if (await throughOutages(write, lease.stop.lost)) {
    logger.info({ jobId: lease.jobId }, done);
    return true;
  }
  lease.settling = false;
  const askedAt = performance.now();
  const [marks] = await throughOutages(() => readMarks(db, [lease.jobId]), lease.stop.lost);
  if (marks?.epoch === lease.epoch) obeyMarks(lease, marks, askedAt);
  else lease.stop.ask('lease-lost');
  return false;
}

function say(log: JobLog, level: 'INFO' | 'WARNING' | 'ERROR', message: string): void {
  log.append({ at: new Date(), level, stream: 'SYSTEM', message, stepKey: null, attempt: null });
}
