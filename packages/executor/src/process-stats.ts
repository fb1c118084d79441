/** What Linux's /proc tells about processes' use of the machine; elsewhere there is nothing to read. Never waits. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessStat {
  id: number;
  parent: number;
  group: number;
  /** Tells a process from a later one with the same id. */
  startedAt: string;
  /** Of the process and of those of its children that have ended and that it has noticed. */
  cpuMs: number;
}

/** Linux counts CPU time for programs to read in hundredths of a second, whatever its own clock is. */
const TICK_MS = 10;

/** The processes with an id from `from` on, in rising order: what was started later has a higher one. */
export function processStats(from: number): ProcessStat[] {
  const ids = list().filter((id) => id >= from);
  return ids.sort((one, other) => one - other).flatMap((id) => statOf(id) ?? []);
}

/** CPU time of all children of this process that have ended. */
export function endedChildrenCpuMs(): number {
  const fields = statFields('self');
  return ticks(fields, 13) + ticks(fields, 14);
}

/** The memory that a process has now, and the most it ever had; zeros when it is gone. */
export function memoryOf(id: number): { bytes: number; mostBytes: number } {
  const status = read(`/proc/${id}/status`);
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  return { bytes: kilobytes('VmRSS') * 1_024, mostBytes: kilobytes('VmHWM') * 1_024 };
}

/** The value of a variable in the environment that a process was started with. */
export function variableOf(id: number, name: string): string | undefined {
  const entry = read(`/proc/${id}/environ`)
    .split('\0')
    .find((variable) => variable.startsWith(`${name}=`));
  return entry?.slice(name.length + 1);
}

/** The processes that a process has started by its main thread; none where the kernel does not tell. */
export function childrenOf(id: number): number[] {
  return read(`/proc/${id}/task/${id}/children`).split(' ').filter(Boolean).map(Number);
}

/** What names a process and no later one with the same id: `ID-TIME`. The time is 0 for one that is not there. */
export function processName(id: number): string {
  return `${id}-${statFields(String(id))[19] ?? '0'}`;
}

function statOf(id: number): ProcessStat | undefined {
  const fields = statFields(String(id));
  const [, parent, group] = fields;
  const startedAt = fields[19];
  if (parent === undefined || group === undefined || startedAt === undefined) return undefined;
  const cpuMs = [11, 12, 13, 14].reduce((sum, index) => sum + ticks(fields, index), 0);
  return { id, parent: Number(parent), group: Number(group), startedAt, cpuMs };
}

/** "12 (name, which may hold anything) S parent group …", from the state on. */
function statFields(id: string): string[] {
  const stat = read(`/proc/${id}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function ticks(fields: readonly string[], index: number): number {
  return Number(fields[index] ?? 0) * TICK_MS;
}

function list(): number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((id) => Number.isInteger(id) && id > 1);
  } catch {
    return [];
  }
}

/** Empty for what is gone, is somebody else's, or does not exist on this system. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
