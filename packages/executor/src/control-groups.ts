/**
 * Linux's control groups, version 2, where this process may make some: what a program starts can leave its process group and
 * take off its mark, but not get out of its control group. Elsewhere there are none, and nothing else depends on them.
 */
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { childrenOf, processName } from './process-stats.ts';

const PREFIX = 'signalbox-';

/** Undefined until it is looked for; null where groups cannot be made. */
let home: string | null | undefined;

export class ControlGroup {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Puts a process that was just started, and with it all that it will start, into a group of its own. */
  static around(leader: number): ControlGroup | undefined {
    home ??= makeHome();
    if (home === null) return undefined;
    const folder = path.join(home, String(leader));
    try {
      makeFolder(folder);
      enclose(leader, folder);
      return new ControlGroup(folder);
    } catch {
      // It has ended already, or runs as somebody else.
      removeFolder(folder);
      return undefined;
    }
  }

  /** The ids of the processes that live in it. */
  members(): number[] {
    return read(path.join(this.#folder, 'cgroup.procs')).split('\n').filter(Boolean).map(Number);
  }

  /** What all that ever lived in it has used, in milliseconds; undefined once it is removed. */
  cpuMs(): number | undefined {
    const used = /^usage_usec (\d+)$/m.exec(read(path.join(this.#folder, 'cpu.stat')))?.[1];
    return used === undefined ? undefined : Number(used) / 1_000;
  }

  /** KILL to everything in it at once, which nothing can run away from by starting more; old kernels have no such way. */
  kill(): void {
    killFolder(this.#folder);
  }

  /** Once it is empty. */
  remove(): void {
    removeFolder(this.#folder);
  }
}

/** Whether programs are started in control groups here. */
export function hasControlGroups(): boolean {
  home ??= makeHome();
  return home !== null;
}

/** Ends what executors that are gone have left in their groups, and removes those. */
export function clearLeftControlGroups(): void {
  const above = ownFolder();
  for (const name of above === undefined ? [] : foldersIn(above)) {
    const owner = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : undefined;
    if (above === undefined || owner === undefined || processName(Number.parseInt(owner, 10)) === owner) continue;
    const left = path.join(above, name);
    for (const group of foldersIn(left)) {
      killFolder(path.join(left, group));
      removeFolder(path.join(left, group));
    }
    // What was killed just now may still be in the way; the next round removes it then.
    removeFolder(left);
  }
}

function makeHome(): string | null {
  const above = ownFolder();
  if (above === undefined) return null;
  const folder = path.join(above, `${PREFIX}${processName(process.pid)}`);
  try {
    makeFolder(folder);
    return folder;
  } catch {
    return null;
  }
}

/** The folder of the group that this process is in, by where version 2 is mounted. */
function ownFolder(): string | undefined {
  const own = /^0::(.*)$/m.exec(read('/proc/self/cgroup'))?.[1];
  for (const line of own === undefined ? [] : read('/proc/self/mountinfo').split('\n')) {
    const [mount = '', type = ''] = line.split(' - ');
    const [, , , root = '', point = ''] = mount.split(' ');
    if (!type.startsWith('cgroup2 ') || own === undefined) continue;
    const below = path.relative(root, own);
    if (!below.startsWith('..')) return path.join(point, below);
  }
  return undefined;
}

/** What a process started before it was moved does not move with it. */
function enclose(id: number, folder: string): void {
  writeFileSync(path.join(folder, 'cgroup.procs'), String(id));
  for (const child of childrenOf(id)) {
    try {
      enclose(child, folder);
    } catch {
      // It has ended meanwhile, or runs as somebody else.
    }
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/** Fails silently while something lives in it. */
function removeFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // See clearLeftControlGroups.
  }
}

function killFolder(folder: string): void {
  try {
    writeFileSync(path.join(folder, 'cgroup.kill'), '1');
  } catch {
    // Kernels before 5.14: the members are killed one by one (see process-group.ts).
  }
}

function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
