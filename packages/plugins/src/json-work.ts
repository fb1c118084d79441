import { fileURLToPath } from 'node:url';
import type { StepContext } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';
import { TOO_LARGE, TOO_LONG, TOO_MUCH_MEMORY } from './json-exit.js';
import { endStopped } from './stopped.ts';

/** What the process is asked, on its standard input. */
export type JsonTask =
  | { kind: 'query'; expression: string; data: unknown; timeoutMs: number }
  | { kind: 'validate'; schema: Record<string, unknown> | boolean; data: unknown; timeoutMs: number };

export type JsonProblem = { path: string; message: string };

/** What it answers: a value, or what is wrong with what it was asked. */
export type JsonOutcome = { value: unknown } | { refused: string };

export const DEFAULT_WORK_MS = 5_000;
const MEMORY_MB = 256;
const LARGEST_INPUT = 32 * 1024 * 1024;
const PROGRAM = fileURLToPath(new URL('./json-process.js', import.meta.url));
/** It may read its own code and start its own thread, and nothing else. */
const ARGUMENTS = [
  `--max-old-space-size=${MEMORY_MB}`,
  '--permission',
  '--allow-fs-read=*',
  '--allow-worker',
  '--no-warnings',
  PROGRAM,
];

/**
 * Does work that a stranger's expression, schema or pattern can make endless, in a process of its own: it is ended when it
 * takes too long or too much memory, and dies with the step. Starting it costs some tenths of a second.
 *
 * @param what begins the messages, such as "The expression"
 */
export async function jsonWork(ctx: StepContext<unknown>, what: string, task: JsonTask): Promise<unknown> {
  const stdin = JSON.stringify(task);
  if (stdin.length > LARGEST_INPUT) throw refusal(`The data is larger than ${LARGEST_INPUT} signs of JSON.`);
  const pieces: string[] = [];
  const { exitCode, stderr } = await ctx.spawn(process.execPath, ARGUMENTS, {
    stdin,
    onLine: (line, stream) => {
      if (stream === 'STDOUT') pieces.push(line);
    },
  });
  if (ctx.signal.aborted) await endStopped(ctx);
  switch (exitCode) {
    case 0:
      return accepted(what, JSON.parse(pieces.join('')));
    case TOO_LONG:
      throw new StepFailure(`${what} took longer than ${task.timeoutMs} ms.`, {
        category: 'TIMEOUT',
        retryable: false,
      });
    case TOO_LARGE:
      throw refusal(`${what} gave more than can be handed on. Ask for less.`);
    case TOO_MUCH_MEMORY:
    case null:
      throw refusal(`${what} took more than ${MEMORY_MB} MB of memory.`);
    default:
      // V8 ends the process by itself when even its emergency memory is gone.
      if (stderr.includes('heap out of memory')) throw refusal(`${what} took more than ${MEMORY_MB} MB of memory.`);
      throw new Error(`The JSON process exited with code ${exitCode}: ${stderr}`);
  }
}

function accepted(what: string, outcome: JsonOutcome): unknown {
  if ('value' in outcome) return outcome.value;
  throw refusal(`${what} cannot be used: ${outcome.refused}`);
}

function refusal(message: string): StepFailure {
  return new StepFailure(message, { category: 'USER_INPUT', retryable: false });
}
