/** Moves of a job with everything that has to hear of them, for one job and for many alike. Each throws db's expected failures. */
import type { JobPriority } from '@signalbox/core/statuses';
import { cancelWithChildren } from '@signalbox/db/child-jobs';
import { findSuperseded } from '@signalbox/db/concurrency';
import { ConflictError, NotFoundError } from '@signalbox/db/failures';
import { storedId } from '@signalbox/db/ids';
import { deleteJob, startJob } from '@signalbox/db/jobs';
import { requestPause } from '@signalbox/db/pause';
import { setJobPriority } from '@signalbox/db/priority';
import { resumeJob, retryJob } from '@signalbox/db/requeue';
import type { ApiContext, Services } from './context.ts';

/** Tells everybody who watches, here and in other processes. */
export function announce({ jobFeed, signal, states }: Services, jobId: string): void {
  jobFeed.wake();
  states.wake();
  signal('changed', storedId(jobId));
}

/** The same for moves that leave a line in the job's log. */
export function announceWithLog(services: Services, jobId: string): void {
  const id = storedId(jobId);
  services.logFeed.wake([id]);
  services.signal('logged', id);
  announce(services, jobId);
}

/** The jobs that its steps wait for are asked too. */
export async function cancel({ services, viewer }: ApiContext, id: string, force: boolean): Promise<void> {
  for (const asked of await cancelWithChildren(services.db, viewer.tenantId, id, force)) {
    services.signal('control', storedId(asked));
    announceWithLog(services, asked);
  }
}

/** Asks the oldest jobs of the same concurrency key to stop, where the workflow of the job wants that. */
export async function makeRoom(context: ApiContext, id: string): Promise<void> {
  const { services, viewer } = context;
  for (const older of await findSuperseded(services.db, viewer.tenantId, id)) {
    try {
      await cancel(context, older, false);
    } catch (error) {
      // It has ended meanwhile.
      if (!(error instanceof ConflictError || error instanceof NotFoundError)) throw error;
    }
  }
}

export async function start(context: ApiContext, id: string): Promise<void> {
  await startJob(context.services.db, context.viewer.tenantId, id);
  await makeRoom(context, id);
  announce(context.services, id);
}

export async function pause({ services, viewer }: ApiContext, id: string): Promise<void> {
  await requestPause(services.db, viewer.tenantId, id);
  services.signal('control', storedId(id));
  announceWithLog(services, id);
}

export async function resume({ services, viewer }: ApiContext, id: string): Promise<void> {
  await resumeJob(services.db, viewer.tenantId, id);
  services.signal('control', storedId(id));
  announceWithLog(services, id);
}

export async function prioritise({ services, viewer }: ApiContext, id: string, priority: JobPriority): Promise<void> {
  await setJobPriority(services.db, viewer.tenantId, id, priority);
  announce(services, id);
}

export async function retry({ services, viewer }: ApiContext, id: string): Promise<void> {
  await retryJob(services.db, viewer.tenantId, id);
  announceWithLog(services, id);
}

export async function remove({ services, viewer }: ApiContext, id: string): Promise<void> {
  await deleteJob(services.db, viewer.tenantId, id);
  services.logFeed.wake([storedId(id)]);
  announce(services, id);
}
