import type { FailureCategory } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';

/** The failure of a mail that was not sent, in words for the user. */
export function mailFailure(error: unknown): StepFailure {
  if (error instanceof StepFailure) return error;
  const { category, retryable } = kindOf(error);
  const reason = error instanceof Error ? error.message : String(error);
  return new StepFailure(`The mail was not sent: ${reason.replace(/\.$/, '')}.`, { category, retryable, cause: error });
}

function kindOf(error: unknown): { category: FailureCategory; retryable: boolean } {
  const code = textOf(error, 'code');
  const answer = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : undefined;
  if (code === 'EAUTH' || answer === 530 || answer === 535) return { category: 'AUTH', retryable: false };
  if (answer !== undefined) {
    // A server that answers with 4xx asks to come again later.
    return answer < 500 ? { category: 'RATE_LIMIT', retryable: true } : { category: 'USER_INPUT', retryable: false };
  }
  if (code === 'ETIMEDOUT') return { category: 'TIMEOUT', retryable: true };
  if (code === 'EENVELOPE' || error instanceof RangeError) return { category: 'USER_INPUT', retryable: false };
  return { category: 'NETWORK', retryable: true };
}

function textOf(error: unknown, field: 'code'): string | undefined {
  return error instanceof Error && field in error ? String(Reflect.get(error, field)) : undefined;
}
