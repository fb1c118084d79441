import type { Database } from '@signalbox/db/client';
import { readEndedExecutions, readJobEnds } from '@signalbox/db/executions';
import { isId } from '@signalbox/db/ids';
import type { Logger } from 'pino';
import { clearLeftControlGroups } from './control-groups.ts';
import { killProcesses } from './process-group.ts';
import { valuesOf } from './process-table.ts';
import type { WorkFolders } from './work-folders.ts';

/** A job that failed or was cancelled may be resumed or retried, and then needs the files that its steps left. */
const KEPT_AFTER_FAILURE_MS = 24 * 60 * 60 * 1_000;

/**
 * Ends what is over but has left something on this machine: processes of an executor that was killed, those that had left
 * their group unseen, and working folders.
 */
export async function clearOrphans(db: Database, folders: WorkFolders, logger: Logger): Promise<void> {
  clearLeftControlGroups();
  await endProcesses(db, logger);
  await removeFolders(db, folders);
}

/** What the database does not know belongs to another Signalbox. */
async function endProcesses(db: Database, logger: Logger): Promise<void> {
  const processes = await valuesOf('SIGNALBOX_EXECUTION_ID');
  const executions = [...processes.keys()].filter(isId);
  if (executions.length === 0) return;
  for (const executionId of await readEndedExecutions(db, executions)) {
    const ids = processes.get(executionId) ?? [];
    logger.warn({ executionId, processes: ids }, 'processes of an execution that is over are ended');
    killProcesses(ids);
  }
}

async function removeFolders(db: Database, folders: WorkFolders): Promise<void> {
  const withFolders = (await folders.jobs()).filter(isId);
  if (withFolders.length === 0) return;
  const ends = await readJobEnds(db, withFolders);
  const longAgo = Date.now() - KEPT_AFTER_FAILURE_MS;
  for (const jobId of withFolders) {
    const end = ends.get(jobId);
    // Of a job that was deleted only the folder knows how old it is.
    const since = end ? end.at : await folders.untouchedSince(jobId);
    const isOver = end?.status === 'COMPLETED' || (since && since.getTime() < longAgo);
    if (isOver) await folders.remove(jobId);
  }
}
