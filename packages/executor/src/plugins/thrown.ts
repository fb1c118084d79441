import { StepFailure } from '@signalbox/plugin-sdk';
import { failureOf, isStepFailure } from '../step-failure.ts';
import type { Thrown } from './protocol.ts';

/** Whatever was thrown, made ready to cross over. Never throws itself. */
export function describeThrown(thrown: unknown): Thrown {
  const { category, message, retryable } = failureOf(thrown);
  if (isStepFailure(thrown)) return { name: 'StepFailure', message, category, retryable };
  if (!(thrown instanceof Error)) return { name: 'Error', message };
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
  return { name: String(thrown.name), message, code, stack: textOf(thrown.stack) };
}

/** The error again, on the other side. */
export function revive({ category, code, message, name, retryable, stack }: Thrown): Error {
  if (name === 'StepFailure')
    return Object.assign(new StepFailure(message, { retryable }), category === undefined ? {} : { category });
  const error = Object.assign(new Error(message), code === undefined ? {} : { code });
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}

const LONGEST_STACK = 8_000;

function textOf(stack: unknown): string | undefined {
  return typeof stack === 'string' ? stack.slice(0, LONGEST_STACK) : undefined;
}
