import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StepFailure } from './failure.ts';
import { outputLines } from './output-lines.ts';
import type { SpawnOptions, SpawnResult } from './spawn.ts';

/** After a polite signal a group has this long before it is killed. */
const GRACE_MS = 1_000;
/** How long a background process may hold the pipes of a program that has ended. */
const HELD_PIPE_MS = 1_000;
/** The part of the test runner's environment that a step's programs see. */
const ALLOWED_ENVIRONMENT = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'USER', 'SHELL', 'TERM'];

export type Stream = 'STDOUT' | 'STDERR';

export interface ProcessGroups {
  spawn(program: string, args: string[], options?: SpawnOptions): Promise<SpawnResult>;
  /** TERM to every group, KILL to those that are left after a second. */
  stop(): void;
  /** KILL to every group; answers when they are gone, or after 200 ms where nobody collects the dead. */
  end(): Promise<void>;
}

export interface ProcessGroupOptions {
  /** The step's working folder. */
  folder: string;
  /** Added to the allow-listed part of our own environment. */
  environment: Record<string, string>;
  /** Gets each line, and the step's own reader of it when there is one. */
  onLine(line: string, stream: Stream, reader: SpawnOptions['onLine']): void;
}

/** Starts programs, each as the leader of a process group of its own, and ends the whole groups. */
export function processGroups(options: ProcessGroupOptions): ProcessGroups {
  const leaders = new Set<number>();
  const timers = new Set<NodeJS.Timeout>();
  const killAll = () => {
    for (const leader of leaders) signalGroup(leader, 'SIGKILL');
  };

  return {
    async spawn(program, args, given = {}) {
      const child = spawn(program, args, {
        cwd: await existingFolder(options.folder, given.cwd),
        env: { ...allowedEnvironment(), ...options.environment, ...given.env },
        shell: given.shell ?? false,
        detached: true,
        stdio: 'pipe',
      });
      if (child.pid !== undefined) leaders.add(child.pid);
      // A program may end without having read all its input; that is its own affair.
      child.stdin.on('error', () => undefined);
      child.stdin.end(given.stdin ?? '');
      return collect(child, (line, stream) => options.onLine(line, stream, given.onLine));
    },
    stop() {
      for (const leader of leaders) signalGroup(leader, 'SIGTERM');
      timers.add(setTimeout(killAll, GRACE_MS));
    },
    async end() {
      for (const timer of timers) clearTimeout(timer);
      killAll();
      for (let tries = 0; tries < 20 && [...leaders].some((leader) => signalGroup(leader, 0)); tries += 1)
        await delay(10);
    },
  };
}

function collect(child: ChildProcess, onLine: (line: string, stream: Stream) => void): Promise<SpawnResult> {
  return new Promise((done, failed) => {
    const reader = (stream: Stream) =>
      outputLines((line) => {
        try {
          onLine(line, stream);
        } catch (error) {
          failed(error);
        }
      });
    const stdout = reader('STDOUT');
    const stderr = reader('STDERR');
    child.stdout?.setEncoding('utf8').on('data', stdout.push);
    child.stderr?.setEncoding('utf8').on('data', stderr.push);
    child.once('error', failed);
    child.once('exit', () => {
      const release = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, HELD_PIPE_MS);
      child.once('close', () => clearTimeout(release));
    });
    child.once('close', (exitCode, signal) => {
      stdout.end();
      stderr.end();
      const [out, err] = [stdout.tail(), stderr.tail()];
      done({ exitCode, signal, stdout: out.text, stderr: err.text, truncated: out.truncated || err.truncated });
    });
  });
}

/** @returns false when the group has no process left. */
function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-leader, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

async function existingFolder(workingFolder: string, cwd: string | undefined): Promise<string> {
  const folder = resolve(workingFolder, cwd ?? '.');
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) {
    throw new StepFailure(`The folder "${cwd}" does not exist. Check the step's cwd.`, { category: 'USER_INPUT' });
  }
  return folder;
}

function allowedEnvironment(): Record<string, string> {
  const entries = ALLOWED_ENVIRONMENT.map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
