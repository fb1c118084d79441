import { SignalboxError } from '../client/client.ts';

/** What the command line ends with. Scripts rely on these numbers. */
export const EXIT = {
  ok: 0,
  /** The job failed, the workflow is invalid, or a check of the doctor did. */
  failed: 1,
  /** The command was not understood, or what it was given cannot be worked with. */
  usage: 2,
  /** The server refused: there is no such thing, or its state does not allow it. */
  refused: 3,
  /** A token is missing, or its rights do not reach that far. */
  forbidden: 4,
  /** The server, or its database, cannot be reached. */
  unavailable: 5,
  /** A fault of Signalbox itself. */
  internal: 70,
  /** The job was cancelled, or Ctrl-C ended the command. */
  cancelled: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A mistake in how the command was called. */
export class UsageError extends Error {
  override name = 'UsageError';
}

const OF_CODES: Readonly<Record<string, ExitCode>> = {
  INVALID_INPUT: EXIT.usage,
  BAD_USER_INPUT: EXIT.usage,
  BAD_CURSOR: EXIT.usage,
  NOT_FOUND: EXIT.refused,
  CONFLICT: EXIT.refused,
  UNAUTHENTICATED: EXIT.forbidden,
  FORBIDDEN: EXIT.forbidden,
  UNREACHABLE: EXIT.unavailable,
  UNAVAILABLE: EXIT.unavailable,
  INTERNAL_ERROR: EXIT.internal,
};

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof SignalboxError) return OF_CODES[error.code] ?? EXIT.refused;
  return EXIT.internal;
}
