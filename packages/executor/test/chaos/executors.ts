import { setTimeout as pause } from 'node:timers/promises';
import type { ExecutorProcess } from '../executor-process.ts';
import { isAlive } from '../processes.ts';
import type { Random } from './random.ts';

export const LEASE_SECONDS = 3;
/** Until another one has had the time to take its jobs. */
const BEYOND_LEASE_MS = LEASE_SECONDS * 1_000 + 1_500;

const FAILPOINTS = [
  'after-claim=kill',
  'before-record=kill',
  'after-record=kill',
  'before-settle=kill',
  'before-log=kill',
  'after-log=kill',
  'step-start=kill',
  'takeover-written=kill',
  'before-record=stop',
  'before-log=stop',
  'before-settle=stop',
] as const;
const LATEST_PASS = 60;

export type LaunchExecutor = (name: string, environment?: Record<string, string>) => ExecutorProcess;

/** One of the machines of a schedule: an executor that dies, hangs and comes again. */
export class Machine {
  readonly #name: string;
  readonly #launch: LaunchExecutor;
  #process: ExecutorProcess | undefined;
  #launched = 0;
  /** It cannot be relied on: something ends it sooner or later. */
  #doomed = false;

  constructor(name: string, launch: LaunchExecutor) {
    this.#name = name;
    this.#launch = launch;
  }

  get #alive(): ExecutorProcess | undefined {
    return this.#process && isAlive(this.#process.pid) ? this.#process : undefined;
  }

  /** Does something to it that it may survive or not, and says what. */
  async harm(random: Random): Promise<string> {
    const process = this.#alive;
    if (!process) return this.#again(random);
    const how = random.pick(['kill', 'kill', 'freeze', 'freeze', 'stop', 'hurry']);
    this.#doomed ||= how !== 'freeze';
    if (how === 'kill') process.signal('SIGKILL');
    if (how === 'stop') process.signal('SIGTERM');
    if (how === 'hurry') await hurry(process);
    if (how === 'freeze') await freeze(process, random.chance(0.5) ? random.between(100, 1_000) : BEYOND_LEASE_MS);
    return `${how} ${this.#name}`;
  }

  #again(random: Random): string {
    if (random.chance(0.6)) {
      this.#begin();
      return `start ${this.#name}`;
    }
    const failing = `${random.pick(FAILPOINTS)}#${random.between(1, LATEST_PASS)}`;
    this.#begin({ TEST_FAILPOINTS: failing });
    this.#doomed = true;
    return `start ${this.#name} with ${failing}`;
  }

  /** Makes sure that it works, and will go on working. */
  async heal(): Promise<void> {
    if (this.#doomed || !this.#alive) {
      await this.end();
      this.#begin();
    }
    await this.#process?.ready;
  }

  async end(): Promise<void> {
    this.#alive?.signal('SIGKILL');
    await this.#process?.exited;
  }

  #begin(environment: Record<string, string> = {}): void {
    this.#launched += 1;
    this.#doomed = false;
    this.#process = this.#launch(`${this.#name}${this.#launched}`, environment);
  }
}

async function hurry(process: ExecutorProcess): Promise<void> {
  process.signal('SIGTERM');
  // What comes within a second counts as the same request.
  await pause(1_100);
  if (isAlive(process.pid)) process.signal('SIGTERM');
}

async function freeze(process: ExecutorProcess, milliseconds: number): Promise<void> {
  process.signal('SIGSTOP');
  await pause(milliseconds);
  if (isAlive(process.pid)) process.signal('SIGCONT');
}
