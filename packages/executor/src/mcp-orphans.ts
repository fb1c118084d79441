import { killProcesses } from './process-group.ts';
import { processName } from './process-stats.ts';
import { valuesOf } from './process-table.ts';

/** In the environment of every MCP server: the name of the process that started it. */
export const EXECUTOR_MARK = 'SIGNALBOX_EXECUTOR';

/** Ends the MCP servers whose executor is gone: one that was killed could not end them itself. */
export async function endOrphanedServers(): Promise<void> {
  for (const [executor, ids] of await valuesOf(EXECUTOR_MARK))
    if (processName(Number.parseInt(executor, 10)) !== executor) killProcesses(ids);
}
