import { readdir, readFile } from 'node:fs/promises';

/** The unit of the times in /proc on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

interface ProcessTimes {
  parent: number;
  ms: number;
}

/**
 * CPU milliseconds that a process and its descendants have used so far, those that have ended included.
 * Undefined where there is no /proc to read them from.
 */
export async function cpuOfTree(root: number): Promise<number | undefined> {
  const processes = await readProcesses();
  if (!processes.has(root)) return undefined;
  const inTree = (pid: number): boolean => {
    const parent = processes.get(pid)?.parent;
    return pid === root || (parent !== undefined && parent !== 0 && inTree(parent));
  };
  return [...processes].reduce((total, [pid, { ms }]) => total + (inTree(pid) ? ms : 0), 0);
}

/** The parent of a process; undefined where there is no /proc. */
export async function parentOf(pid: number): Promise<number | undefined> {
  return (await readProcess(pid))?.parent;
}

async function readProcesses(): Promise<Map<number, ProcessTimes>> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(async (pid) => [pid, await readProcess(pid)] as const));
  return new Map(found.flatMap(([pid, times]) => (times ? [[pid, times]] : [])));
}

async function readProcess(pid: number): Promise<ProcessTimes | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // The program's name stands in brackets and may hold anything, so counting starts behind it, with the state as field 0.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((total, field) => total + Number(field), 0);
  return { parent: Number(fields[1]), ms: (ticks * 1_000) / TICKS_PER_SECOND };
}
