import { errorOf, type SentError, SignalboxError } from './signalbox-error.ts';

/** Closings after which another try would end the same way. */
const REFUSING_CLOSES: Readonly<Record<number, string>> = {
  4400: 'BAD_REQUEST',
  4401: 'UNAUTHENTICATED',
  4406: 'BAD_REQUEST',
  4429: 'BAD_REQUEST',
};

/** What ended a subscription, as an error that says what to do: errors that were sent, or how the socket was closed. */
export function problemOf(error: unknown, url: string): SignalboxError {
  if (error instanceof SignalboxError) return error;
  if (Array.isArray(error)) return errorOf(error as SentError[]);
  const { code, reason } = closingOf(error);
  const refused = REFUSING_CLOSES[code];
  if (refused) return new SignalboxError(refused, `The server refused the live connection (${code} ${reason}).`);
  const details = code === 0 ? 'it broke' : `${code} ${reason}`.trim();
  return new SignalboxError('UNREACHABLE', `There is no live connection to ${url} (${details}).`, { cause: error });
}

/** Code 0 stands for a connection that ended without one. */
function closingOf(error: unknown): { code: number; reason: string } {
  if (typeof error !== 'object' || error === null || !('code' in error)) return { code: 0, reason: '' };
  const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : '';
  return { code: Number(error.code) || 0, reason };
}
