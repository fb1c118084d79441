import type { FailureCategory } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';
import type { HttpAnswer } from './http-answer.ts';
import { BlockedTarget } from './http-guard.ts';
import { retryAfterMs } from './retry-after.ts';

const LONGEST_QUOTE = 300;
/** Codes of undici for an answer that began too late or stopped coming. */
const TIMEOUT_CODES = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'];

/** The failure that an answer's status stands for. */
export function statusFailure(what: string, { body, headers, status: code, statusText }: HttpAnswer): StepFailure {
  const text = typeof body === 'string' ? body.trim() : JSON.stringify(body ?? '').replace(/^""$/, '');
  const quote = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  const status = `${code} ${statusText}`.trim();
  return new StepFailure(`${what} answered ${status}${quote === '' ? '.' : `: ${quote}`}`, {
    category: statusCategory(code),
    retryAfterMs: retryAfterMs(headers),
  });
}

/** The failure of a request that got no whole answer. */
export function transportFailure(what: string, error: unknown): StepFailure {
  if (error instanceof StepFailure) return error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof BlockedTarget) {
    return new StepFailure(`${what}: ${cause.message}.`, { category: 'USER_INPUT', retryable: false, cause: error });
  }
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  const reason = (cause instanceof Error && cause.message) || code || String(cause);
  // fetch gives codes to what went wrong on the wire; the rest are its own refusals, which trying again cannot change.
  const category: FailureCategory =
    code === undefined ? 'USER_INPUT' : TIMEOUT_CODES.includes(code) ? 'TIMEOUT' : 'NETWORK';
  return new StepFailure(`${what} failed: ${reason}`, { category, cause: error });
}

function statusCategory(status: number): FailureCategory {
  if (status === 401 || status === 403) return 'AUTH';
  if (status === 429) return 'RATE_LIMIT';
  return status >= 500 ? 'NETWORK' : 'USER_INPUT';
}
