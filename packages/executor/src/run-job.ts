import { callWaitingJobs } from '@signalbox/db/concurrency';
import { type ClaimedJob, noteUsage } from '@signalbox/db/executions';
import { failpoint } from '@signalbox/db/failpoints';
import type { ExecutorParts } from './executor-parts.ts';
import { HeldLease } from './held-jobs.ts';
import { JobRun } from './job-run.ts';

/**
 * Claims a job and holds it until it is settled, handed back or lost. Returns at once when somebody else has it. Throws only
 * when the claim itself fails.
 */
export async function runJob(parts: ExecutorParts, jobId: string): Promise<void> {
  const { claims, folders, held, logger, logs, signals } = parts;
  if (failpoint) await failpoint('before-claim');
  const askedAt = performance.now();
  const job = await claims.claim(jobId);
  if (!job) return;
  if (failpoint) await failpoint('after-claim');
  signals.sendSoon('changed', jobId);
  const lease = new HeldLease({ jobId, epoch: job.epoch, executionId: job.executionId }, askedAt);
  lease.pause.tell(job.pauseRequestedAt !== null, askedAt);
  const log = logs.open(jobId, job.epoch, job.lastLogSeq);
  lease.stop.lost.addEventListener('abort', () => log.lose(), { once: true });
  held.add(lease);
  try {
    await new JobRun(parts, job, lease, log).run();
  } catch (error) {
    // The lease runs out by itself, and the reaper of some executor decides what becomes of the job.
    logger.error({ err: error, jobId }, 'a job could not be ended');
  } finally {
    log.close();
    held.remove(lease);
    await tellUsage(parts, lease);
    // Of its end the change itself has told.
    if (!lease.settled) signals.send('changed', jobId);
    await callNext(parts, job);
    await folders
      .letGo(jobId, lease.settled === 'COMPLETED')
      .catch((error: unknown) => logger.warn({ err: error }, 'a working folder could not be deleted'));
  }
}

/** What the settling of the job has not told already; without it what the last heartbeat told stays. */
async function tellUsage({ db, logger }: ExecutorParts, lease: HeldLease): Promise<void> {
  const { settled, stop, usage } = lease;
  if (!usage || settled || stop.reason === 'lease-lost') return;
  await noteUsage(db, lease, usage).catch((error: unknown) =>
    logger.warn({ err: error, jobId: lease.jobId }, 'what the programs of a job have used could not be stored'),
  );
}

/** Its place among the jobs of its concurrency key is free. Whom this does not reach the reaper calls. */
async function callNext({ db, logger }: ExecutorParts, { concurrencyKey, tenantId }: ClaimedJob): Promise<void> {
  if (concurrencyKey === null) return;
  await callWaitingJobs(db, tenantId, concurrencyKey).catch((error: unknown) =>
    logger.warn({ err: error }, 'jobs that waited for this one could not be called'),
  );
}
