import { stripVTControlCharacters } from 'node:util';
import type { SpawnResult } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';
import { readMark } from './command-line-mark.ts';

const LONGEST_QUOTE = 300;

/**
 * The failure of a program that ended badly, or nothing when it ended well. The reason is what the program itself marked as
 * an error last; else the last line of stderr that reads like one, since stack traces and versions follow it; else the last line.
 */
export function endFailure(name: string, result: SpawnResult, marked?: string): StepFailure | undefined {
  if (result.exitCode === 0) return undefined;
  const last = shortened(marked ?? reasonIn(result.stderr));
  const what =
    result.exitCode === null
      ? `was ended by the signal ${result.signal ?? 'unknown'}${result.signal === 'SIGKILL' ? ', as happens when memory runs out' : ''}`
      : `exited with code ${result.exitCode}`;
  return new StepFailure(`${name} ${what}${last === '' ? '.' : `: ${last}`}`, { category: 'PROCESS' });
}

/** What to tell about a program that could not be started; anything that is no such error is given back. */
export function startFailure(error: unknown, program: string, cwd: string | undefined): unknown {
  if (error instanceof StepFailure || !(error instanceof Error) || !('code' in error)) return error;
  const failure = (message: string, category: 'CONFIGURATION' | 'USER_INPUT') =>
    new StepFailure(message, { category, retryable: false, cause: error });
  switch (error.code) {
    case 'ENOENT': {
      const folder = cwd === undefined ? '' : `, and check that the folder "${cwd}" (cwd) exists`;
      return failure(
        `The program "${program}" was not found on this worker. Install it there, or give its full path${folder}.`,
        'CONFIGURATION',
      );
    }
    case 'EACCES':
      return failure(
        `The program "${program}" may not be executed on this worker. Make it executable, or run it through its interpreter.`,
        'CONFIGURATION',
      );
    case 'ENOTDIR':
      return failure(`The folder "${cwd ?? program}" is not a folder. Check the step's cwd.`, 'USER_INPUT');
    case 'E2BIG':
      return failure('The arguments and env are too long for the system. Pass large values in a file.', 'USER_INPUT');
    case 'ERR_INVALID_ARG_VALUE':
      return failure('An argument, a variable or the cwd holds a NUL character. Remove it.', 'USER_INPUT');
    default:
      return error;
  }
}

/** Such as `TypeError [CODE]: …`, `error: …`, `fatal: …`, `panic: …` at the beginning of a line. */
const ERROR_LINE = /^\s*(?:error|fatal|panic|exception|\w{1,80}(?:Error|Exception))\b/i;

function reasonIn(output: string): string {
  const lines = stripVTControlCharacters(output).split('\n');
  const line = lines.findLast((text) => ERROR_LINE.test(text)) ?? lines.findLast((text) => text.trim() !== '') ?? '';
  const mark = readMark(line.trim());
  return 'text' in mark ? mark.text : mark.note;
}

function shortened(text: string): string {
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}
