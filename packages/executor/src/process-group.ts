/** The only file that sends signals; what kills a control group as a whole is in control-groups.ts. */
import { setTimeout as delay } from 'node:timers/promises';
import { ControlGroup } from './control-groups.ts';
import { groupMembers, processesMarked } from './process-table.ts';

/** Between two looks at a group that was told to end: soon at first, then less often. */
const FIRST_LOOK_MS = 5;
const SLOWEST_LOOK_MS = 100;
/** What KILL has not ended by then hangs in the kernel; nobody can do more. */
const KILLED_WITHIN_MS = 5_000;

const living = new Set<ProcessGroup>();

/** KILL to every group of this process, without waiting: for an exit that allows no more than that. */
export function killAllGroups(): void {
  for (const group of living) group.kill();
}

/** KILL to processes that an executor left behind when it died. */
export function killProcesses(ids: readonly number[]): void {
  for (const id of ids) if (id > 1 && id !== process.pid) send(id, 'SIGKILL');
}

/** For a process whose main thread does not come back: nothing else ends it. */
export function killOwnProcess(): void {
  process.kill(process.pid, 'SIGKILL');
}

/**
 * A program that was started as the leader of a process group, with all that it started. Those that left the group for a
 * session of their own are found by a mark in their environment, and where Linux has a control group for them, in that.
 */
export class ProcessGroup {
  readonly #leader: number;
  readonly #mark: string;
  readonly #control: ControlGroup | undefined;
  #cpuMs: number | undefined;
  /** Once the group is empty its number may be given to strangers, so nothing is ever sent to it again. */
  #gone = false;

  /** @param mark `NAME=value`, unique to this program, that stands in the environment it was given */
  constructor(leader: number, mark: string) {
    this.#leader = leader;
    this.#mark = mark;
    this.#control = ControlGroup.around(leader);
    living.add(this);
  }

  /** The CPU time that everything in it used, in milliseconds: once nothing of it lives, and where the system tells. */
  get cpuMs(): number | undefined {
    return this.#cpuMs;
  }

  /** KILL at once, without waiting. */
  kill(): void {
    if (!this.#gone) send(-this.#leader, 'SIGKILL');
    this.#control?.kill();
  }

  /**
   * TERM, then KILL to what is left after the grace; resolves when nothing of it lives. May be called again meanwhile with
   * a shorter grace. False when something could not be ended.
   */
  async end(graceMs: number): Promise<boolean> {
    if (graceMs > 0) {
      if (await this.#isEmpty()) return true;
      await this.#signalAll('SIGTERM');
      // A stopped process takes TERM only when it goes on.
      await this.#signalAll('SIGCONT');
      if (await this.emptyWithin(graceMs)) return true;
    }
    const deadline = performance.now() + KILLED_WITHIN_MS;
    while (performance.now() < deadline) {
      await this.#signalAll('SIGKILL');
      if (await this.emptyWithin(SLOWEST_LOOK_MS)) return true;
    }
    return false;
  }

  /** Waits for the group to end by itself; false when something of it still lives after so many milliseconds. */
  async emptyWithin(milliseconds: number): Promise<boolean> {
    const deadline = performance.now() + milliseconds;
    for (let pause = FIRST_LOOK_MS; ; pause = Math.min(pause * 2, SLOWEST_LOOK_MS)) {
      if (await this.#isEmpty()) return true;
      const left = deadline - performance.now();
      if (left <= 0) return false;
      await delay(Math.min(pause, left));
    }
  }

  async #isEmpty(): Promise<boolean> {
    if (!this.#gone) {
      const exists = send(-this.#leader, 0);
      const members = exists ? await groupMembers(this.#leader) : [];
      this.#gone = members !== undefined && members.length === 0;
    }
    if (!this.#gone || (await this.#escaped()).length > 0) return false;
    if (living.delete(this)) {
      this.#cpuMs = this.#control?.cpuMs();
      this.#control?.remove();
    }
    return true;
  }

  async #signalAll(signal: NodeJS.Signals): Promise<void> {
    if (!this.#gone) send(-this.#leader, signal);
    if (signal === 'SIGKILL') this.#control?.kill();
    for (const id of await this.#escaped()) send(id, signal);
  }

  /**
   * Ids are given in rising order, so what the program started has a higher one. After the numbers began anew from below
   * that is no longer so; what is missed then is found once the job has ended (see orphans.ts).
   */
  async #escaped(): Promise<number[]> {
    const marked = await processesMarked(this.#mark, this.#leader);
    const outside = marked.filter(({ group }) => group !== this.#leader).map(({ id }) => id);
    const enclosed = this.#control?.members() ?? [];
    if (enclosed.length === 0) return outside;
    const inside = new Set(await groupMembers(this.#leader));
    return [...new Set([...outside, ...enclosed.filter((id) => !inside.has(id))])];
  }
}

/** False when there is nothing to send to. */
function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ESRCH') return false;
    // A member that runs as somebody else is alive, but not ours to end.
    if (code === 'EPERM') return true;
    throw error;
  }
}
