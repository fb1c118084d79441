import { ProtocolError, ProtocolErrorCode, SdkError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client';
import type { FailureCategory } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';

const LONGEST_REASON = 500;

/** The failure of a connection or a call, in words for people. @param what begins the sentence */
export function mcpFailure(what: string, error: unknown): StepFailure {
  if (error instanceof StepFailure) return error;
  const { category, retryable } = kindOf(error);
  const message = `${what}: ${reasonOf(error)}.`;
  return new StepFailure(message, { category, cause: error, ...(retryable === undefined ? {} : { retryable }) });
}

/** What went wrong, in one line without a full stop. */
export function reasonOf(error: unknown): string {
  if (error instanceof SdkHttpError) return `the server answered ${error.status} ${error.statusText ?? ''}`.trim();
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : undefined;
  const text = error instanceof Error ? cause?.message || error.message || error.name : String(error);
  return (text.split('\n', 1)[0] ?? '').slice(0, LONGEST_REASON).replace(/\.$/, '');
}

/** The session or the process behind the connection is gone; what was asked was not taken on. */
export function isLostSession(error: unknown): boolean {
  return error instanceof SdkHttpError && (error.status === 404 || error.status === 400);
}

/** The connection is of no use any more. */
export function isLostConnection(error: unknown): boolean {
  if (error instanceof ProtocolError) return false;
  if (error instanceof SdkHttpError) return error.status >= 500 || isLostSession(error);
  const known = error instanceof SdkError ? error.code : undefined;
  const stays: readonly (SdkErrorCode | undefined)[] = [
    SdkErrorCode.RequestTimeout,
    SdkErrorCode.InvalidResult,
    SdkErrorCode.UnsupportedResultType,
  ];
  return !stays.includes(known);
}

function kindOf(error: unknown): { category: FailureCategory; retryable?: boolean } {
  if (error instanceof ProtocolError) {
    return error.code === ProtocolErrorCode.InvalidParams
      ? { category: 'USER_INPUT', retryable: false }
      : { category: 'PROCESS' };
  }
  if (error instanceof SdkHttpError) {
    if (error.status === 401 || error.status === 403) return { category: 'AUTH' };
    return { category: error.status === 429 ? 'RATE_LIMIT' : 'NETWORK' };
  }
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) return { category: 'TIMEOUT' };
  if (error instanceof SdkError && error.code === SdkErrorCode.InvalidResult) return { category: 'PROCESS' };
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'EACCES') return { category: 'CONFIGURATION' };
  return { category: 'NETWORK' };
}
