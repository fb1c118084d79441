import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { SpawnOptions, SpawnResult } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';
import { allowedEnvironment } from './child-environment.ts';
import { ChildOutput } from './child-output.ts';
import { ProcessGroup } from './process-group.ts';
import { PROGRAM_ID, type ProgramWatch, type WatchedProgram } from './program-watch.ts';
import type { UsageMeter } from './usage-meter.ts';

/** What a program left running when it ended may go on for so long by itself, and then for so long after TERM. */
const LEFTOVER_MS = 500;

export type ChildStream = 'STDOUT' | 'STDERR';

export interface StepProcessesOptions {
  /** Gives the working folder that relative paths start from, and makes it where it is missing. */
  folder(): Promise<string>;
  watch: ProgramWatch;
  meter: UsageMeter;
  /** On top of the allow-listed part of the executor's own environment. */
  environment: Record<string, string>;
  onLine(line: string, stream: ChildStream, reader: SpawnOptions['onLine']): void;
  /** A promise to wait for while no more lines can be taken. */
  room(): Promise<void> | undefined;
}

/** Something else of the attempt that is alive and must be ended with it. */
export interface Companion {
  /** As of a process group. */
  end(graceMs: number): Promise<boolean>;
  /** A promise to wait for while it cannot take in more lines. */
  unread(): Promise<void> | undefined;
}

/** The programs of one attempt of a step. */
export class StepProcesses {
  readonly #options: StepProcessesOptions;
  readonly #groups = new Set<ProcessGroup>();
  readonly #companions = new Set<Companion>();
  #refused: Error | undefined;

  constructor(options: StepProcessesOptions) {
    this.#options = options;
  }

  /**
   * Runs a program and resolves when it, everything it started and its output have ended. Rejects with the system's error
   * when it cannot be started, and with what a line's reader throws.
   */
  async spawn(program: string, args: string[], given: SpawnOptions = {}): Promise<SpawnResult> {
    const folder = await existingFolder(await this.#options.folder(), given.cwd);
    if (this.#refused) throw this.#refused;
    const mark = randomUUID();
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...allowedEnvironment(), ...given.env, ...this.#options.environment, [PROGRAM_ID]: mark },
      shell: given.shell ?? false,
      detached: true,
      stdio: [given.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    if (child.pid === undefined) {
      const [error] = await once(child, 'error');
      throw error;
    }
    const group = new ProcessGroup(child.pid, `${PROGRAM_ID}=${mark}`);
    const watched = this.#options.watch.watch(child.pid, mark, this.#options.meter);
    this.#groups.add(group);
    // A program may end without having read all its input; that is its own affair.
    child.stdin?.on('error', () => undefined).end(given.stdin);
    try {
      return await this.#collect(child, group, watched, given.onLine);
    } finally {
      watched.ended(group.cpuMs);
      this.#groups.delete(group);
    }
  }

  /**
   * TERM to everything, KILL to what is left after the grace (at once when that is 0); nothing new is started, an attempt to
   * throws the reason. False when something could not be ended.
   */
  async end(graceMs: number, reason: Error): Promise<boolean> {
    this.#refused ??= reason;
    const living = [...this.#groups, ...this.#companions];
    const ended = await Promise.all(living.map((one) => one.end(graceMs)));
    return ended.every(Boolean);
  }

  /** Returns what lets it go. */
  adopt(companion: Companion): () => void {
    this.#companions.add(companion);
    return () => this.#companions.delete(companion);
  }

  #room(): Promise<void> | undefined {
    const unread = [...this.#companions].flatMap((companion) => companion.unread() ?? []);
    return this.#options.room() ?? unread[0];
  }

  async #collect(
    child: ChildProcess,
    group: ProcessGroup,
    watched: WatchedProgram,
    reader: SpawnOptions['onLine'],
  ): Promise<SpawnResult> {
    let thrown: { error: unknown } | undefined;
    const read = (stream: ChildStream) => (line: string) => {
      if (thrown) return;
      try {
        this.#options.onLine(line, stream, reader);
      } catch (error) {
        thrown = { error };
        void group.end(0);
      }
    };
    const { stdout: out, stderr: err } = child;
    if (!out || !err) throw new Error('a child process was started without its pipes');
    const stdout = new ChildOutput(out, { line: read('STDOUT'), room: () => this.#room() });
    const stderr = new ChildOutput(err, { line: read('STDERR'), room: () => this.#room() });
    const [exitCode, signal]: [number | null, string | null] = await exitOf(child);
    watched.exited();
    if (!(await group.emptyWithin(LEFTOVER_MS))) await group.end(LEFTOVER_MS);
    await Promise.all([stdout.finish(), stderr.finish()]);
    if (thrown) throw thrown.error;
    const texts = { stdout: stdout.tail.text(), stderr: stderr.tail.text() };
    return { exitCode, signal, ...texts, truncated: stdout.tail.truncated || stderr.tail.truncated };
  }
}

function exitOf(child: ChildProcess): Promise<[number | null, string | null]> {
  return new Promise((done) => child.once('exit', (exitCode, signal) => done([exitCode, signal])));
}

async function existingFolder(workingFolder: string, cwd: string | undefined): Promise<string> {
  const folder = resolve(workingFolder, cwd ?? '.');
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return folder;
  throw new StepFailure(`The folder "${cwd ?? folder}" does not exist. Check the step's cwd.`, {
    category: 'USER_INPUT',
  });
}
