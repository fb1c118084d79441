import { readFile } from 'node:fs/promises';
import { killProcesses } from './process-group.ts';
import { valuesOf } from './process-table.ts';

/** In the environment of every MCP server: the process that started it, as `ID-TIME`. */
export const EXECUTOR_MARK = 'SIGNALBOX_EXECUTOR';

/** What names this process and no later one with the same id. */
export async function thisProcess(): Promise<string> {
  return `${process.pid}-${await startOf(process.pid)}`;
}

/** Ends the MCP servers whose executor is gone: one that was killed could not end them itself. */
export async function endOrphanedServers(): Promise<void> {
  for (const [value, ids] of await valuesOf(EXECUTOR_MARK)) {
    const [id = '', start] = value.split('-');
    if ((await startOf(Number(id))) !== start) killProcesses(ids);
  }
}

/** When a process began, in ticks since the machine did; 0 when it is not there, or where /proc is not. */
async function startOf(id: number): Promise<string> {
  const stat = await readFile(`/proc/${id}/stat`, 'latin1').catch(() => '');
  // The 22nd field; the name in the second one may hold anything.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
}
