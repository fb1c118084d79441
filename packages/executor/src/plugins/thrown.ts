import { StepFailure } from '@signalbox/plugin-sdk';
import { isStepFailure, rawFailure } from '../step-failure.ts';
import type { Thrown } from './protocol.ts';

/** Longer than anything that is kept of it: secrets are hidden in it before it is cut there. */
const LONGEST_TEXT = 64 * 1024;

/** Whatever was thrown, made ready to cross over. Never throws itself. */
export function describeThrown(thrown: unknown): Thrown {
  const { category, message: whole, retryable, retryAfterMs } = rawFailure(thrown);
  const message = whole.slice(0, LONGEST_TEXT);
  if (isStepFailure(thrown)) return { name: 'StepFailure', message, category, retryable, retryAfterMs };
  if (!(thrown instanceof Error)) return { name: 'Error', message };
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
  return { name: String(thrown.name), message, code, stack: textOf(thrown.stack) };
}

/** The error again, on the other side. */
export function revive({ category, code, message, name, retryable, retryAfterMs, stack }: Thrown): Error {
  if (name === 'StepFailure')
    return Object.assign(
      new StepFailure(message, { retryable, retryAfterMs }),
      category === undefined ? {} : { category },
    );
  const error = Object.assign(new Error(message), code === undefined ? {} : { code });
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}

function textOf(stack: unknown): string | undefined {
  return typeof stack === 'string' ? stack.slice(0, LONGEST_TEXT) : undefined;
}
