import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const hasProc = process.platform === 'linux';

/**
 * What tells a process from a later one with the same number: when it started. Undefined when there is no such process,
 * or when it is a zombie (ended, but not yet taken note of by its parent).
 */
export async function startOf(pid: number): Promise<string | undefined> {
  return hasProc ? startFromProc(pid) : startFromPs(pid);
}

async function startFromProc(pid: number): Promise<string | undefined> {
  try {
    const [stat, bootId] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    ]);
    // The program's name stands in parentheses and may hold spaces; after it follow the state and, 19 on, the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : `${bootId.trim()} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

async function startFromPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]);
    const [state = '', ...start] = stdout.trim().split(/\s+/);
    return state === '' || state.startsWith('Z') ? undefined : start.join(' ');
  } catch {
    return undefined;
  }
}

/** Whether this live process is a PostgreSQL server working in that folder (absolute, links resolved). */
export async function isPostgresIn(pid: number, folder: string): Promise<boolean> {
  if ((await startOf(pid)) === undefined) return false;
  try {
    if (!hasProc) {
      const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]);
      return stdout.includes('postgres') && `${stdout.trim()} `.includes(` -D ${folder} `);
    }
    const [cwd, commandLine] = await Promise.all([
      readlink(`/proc/${pid}/cwd`),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ]);
    return cwd === folder && /(^|\/)postgres(\0|:)/.test(commandLine);
  } catch {
    return false;
  }
}

/** Resolves to true as soon as the process is gone, to false when it is still there after so many milliseconds. */
export async function isGoneWithin(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while ((await startOf(pid)) !== undefined) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return true;
}
