import type { Database } from '@signalbox/db/client';
import { readEndedExecutions } from '@signalbox/db/executions';
import { isId } from '@signalbox/db/ids';
import type { Logger } from 'pino';
import { killProcesses } from './process-group.ts';
import { valuesOf } from './process-table.ts';
import type { WorkFolders } from './work-folders.ts';

/**
 * Ends what executions that are over have left on this machine: processes of an executor that was killed, those that had
 * left their group unseen, and working folders. What the database does not know belongs to another Signalbox.
 */
export async function clearOrphans(db: Database, folders: WorkFolders, logger: Logger): Promise<void> {
  const processes = await valuesOf('SIGNALBOX_EXECUTION_ID');
  const withFolders = await folders.executions();
  const executions = [...new Set([...processes.keys(), ...withFolders])].filter(isId);
  if (executions.length === 0) return;
  for (const executionId of await readEndedExecutions(db, executions)) {
    const ids = processes.get(executionId) ?? [];
    if (ids.length > 0) {
      logger.warn({ executionId, processes: ids }, 'processes of an execution that is over are ended');
      killProcesses(ids);
    }
    if (withFolders.includes(executionId)) await folders.remove(executionId);
  }
}
