import { ERROR_CATEGORIES, type ErrorCategory } from '@signalbox/core/statuses';
import type { SecretMask } from './secret-mask.ts';

export interface FailureRecord {
  message: string;
  category: ErrorCategory;
  /** Overrules the category when a retry is decided. */
  retryable?: boolean;
  /** A retry comes not sooner than after so many milliseconds. */
  retryAfterMs?: number;
}

export const LONGEST_MESSAGE = 4_000;

/**
 * What is recorded of something that a step has thrown. Without a stack: that is for the service log. A plugin may bring its
 * own copy of the plugin SDK, so a StepFailure is told by what it carries and not by its class.
 */
export function failureOf(thrown: unknown, mask: SecretMask): FailureRecord {
  const { message, ...kind } = rawFailure(thrown);
  // Masked before it is cut: half a secret could not be told any more.
  return { message: mask.text(message).slice(0, LONGEST_MESSAGE), ...kind };
}

/** The same before it is masked and cut: not to be stored. */
export function rawFailure(thrown: unknown): FailureRecord {
  const message = messageOf(thrown);
  if (!(thrown instanceof Error) || thrown.name !== 'StepFailure' || !('category' in thrown))
    return { message, category: 'PLUGIN' };
  const category = ERROR_CATEGORIES.find((known) => known === thrown.category) ?? 'PLUGIN';
  const retryable = 'retryable' in thrown && typeof thrown.retryable === 'boolean' ? thrown.retryable : undefined;
  const asked = 'retryAfterMs' in thrown ? Number(thrown.retryAfterMs) : Number.NaN;
  return {
    message,
    category,
    ...(retryable !== undefined && { retryable }),
    ...(Number.isFinite(asked) && { retryAfterMs: asked }),
  };
}

/** Whether it is one of those whose message was written for users, so that the service log needs no stack of it. */
export function isStepFailure(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'StepFailure';
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  try {
    return typeof thrown === 'string' ? thrown : `The step threw ${JSON.stringify(thrown) ?? String(thrown)}`;
  } catch {
    return 'The step threw something that cannot be shown';
  }
}
