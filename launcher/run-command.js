import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { explainFailure } from './explain-failure.js';
import { LaunchError } from './launch-error.js';

/** @type {NodeJS.Signals[]} */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const PROGRESS_EVERY_MS = 10_000;

/**
 * Calls the listener at each stop signal for as long as the work lasts.
 * @template T
 * @param {(signal: NodeJS.Signals) => void} listener
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function whileListening(listener, work) {
  for (const signal of STOP_SIGNALS) process.on(signal, listener);
  try {
    return await work();
  } finally {
    for (const signal of STOP_SIGNALS) process.off(signal, listener);
  }
}

/** @param {NodeJS.Signals} signal */
function exitCodeOf(signal) {
  return 128 + constants.signals[signal];
}

/**
 * Runs a step of the preparation in a process group of its own, so that a stop signal ends all of it.
 * Shows one line at the start, one every ten seconds and one at the end; the output goes to a log file.
 * @param {{ title: string, command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv, logFile: string}} step
 * @returns {Promise<string>} what the command wrote to stdout
 * @throws {LaunchError} when it could not be started or failed, with a line that says what to do
 */
export async function runStep({ title, command, args, cwd, env, logFile }) {
  mkdirSync(path.dirname(logFile), { recursive: true });
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  const log = createWriteStream(logFile);
  // A full disk must not end the launcher by an unhandled event; the command itself will fail and be explained.
  log.on('error', () => undefined);
  console.log(`${title} …`);
  const ticker = setInterval(() => console.log(`${title} … ${seconds()}`), PROGRESS_EVERY_MS);
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
    output += text;
    log.write(text);
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output += text;
    log.write(text);
  });
  /** @type {NodeJS.Signals | undefined} */
  let stoppedBy;
  try {
    const [code] = await whileListening(
      (signal) => {
        stoppedBy = signal;
        if (child.pid) process.kill(-child.pid, signal === 'SIGINT' ? 'SIGTERM' : signal);
      },
      () => once(child, 'close'),
    );
    if (stoppedBy) throw new LaunchError(`${title}: stopped.`, exitCodeOf(stoppedBy));
    if (code !== 0) throw new LaunchError(explainFailure(title, output, logFile));
  } catch (error) {
    if (error instanceof LaunchError) throw error;
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    throw new LaunchError(explainFailure(title, `${code ?? ''} ${message}`, logFile));
  } finally {
    clearInterval(ticker);
    log.end();
  }
  console.log(`${title}: done in ${seconds()}`);
  return stdout;
}

/**
 * Runs the program that the person asked for, with this terminal, and forwards the signals that end it.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, linked: boolean }} options linked: the program hears by a closed
 *   IPC channel when this process dies without a word, and can stop by itself
 * @returns {Promise<number>} its exit code
 */
export async function runForeground(command, args, { cwd, env, linked }) {
  /** @type {import('node:child_process').StdioOptions} */
  const stdio = linked ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit';
  const child = spawn(command, args, { cwd, env, stdio });
  const watch = linked ? stopWhenOrphaned(child) : undefined;
  try {
    const [code, signal] = await whileListening(
      (name) => child.kill(name),
      () => once(child, 'close'),
    );
    return signal ? exitCodeOf(signal) : code;
  } finally {
    clearInterval(watch);
  }
}

/**
 * npm passes SIGTERM and SIGINT on, but one that is killed outright says nothing and would leave a server behind.
 * @param {import('node:child_process').ChildProcess} child
 */
function stopWhenOrphaned(child) {
  if (!process.env.npm_lifecycle_event) return undefined;
  const parent = process.ppid;
  return setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, 1000);
}
