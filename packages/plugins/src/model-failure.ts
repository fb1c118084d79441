import type { FailureCategory } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';
import { splitModel } from './model-name.ts';
import { retryAfterMs } from './retry-after.ts';

const LONGEST_QUOTE = 500;
/** Codes of fetch for an answer that began too late or stopped coming. */
const TIMEOUT_CODES = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'];
/** What servers call an account without money behind it; they answer it as if one had only asked too often. */
const OUT_OF_MONEY = ['insufficient_quota', 'billing_hard_limit_reached', 'credit_balance_too_low'];

/** The failure of a model call, in words for the user. */
export function modelFailure(model: string, error: unknown): StepFailure {
  if (error instanceof StepFailure) return error;
  const status = statusOf(error);
  const category = categoryOf(error, status);
  const reason = (error instanceof Error ? error.message : String(error)).slice(0, LONGEST_QUOTE);
  const answered = status === undefined || status < 400 ? '' : ` (status ${status})`;
  const message = `${model} did not answer${answered}: ${reason.replace(/\.$/, '')}.${adviceFor(category, model)}`;
  return new StepFailure(message, { category, cause: error, retryAfterMs: retryAfterMs(headersOf(error)) });
}

/** Whether the server refused the call, or was never reached: then nothing was used. */
export function wasNotTaken(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined ? codeOf(error) !== undefined : status >= 400;
}

/** Errors of a failed request and of a stream that broke off both carry it, without a common class. */
function statusOf(error: unknown): number | undefined {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}

function categoryOf(error: unknown, status: number | undefined): FailureCategory {
  if (TIMEOUT_CODES.includes(codeOf(error) ?? '') || status === 408 || status === 504) return 'TIMEOUT';
  if (status === undefined || status < 400 || status >= 500) return 'NETWORK';
  if (status === 401 || status === 403) return 'AUTH';
  if (status === 402 || (status === 429 && OUT_OF_MONEY.includes(serverCode(error)))) return 'BUDGET';
  return status === 429 ? 'RATE_LIMIT' : 'USER_INPUT';
}

function adviceFor(category: FailureCategory, model: string): string {
  const prefix = splitModel(model).provider === 'anthropic' ? 'ANTHROPIC' : 'OPENAI';
  if (category === 'AUTH') return ` Check ${prefix}_API_KEY.`;
  if (category === 'NETWORK') return ` Check ${prefix}_BASE_URL and whether the server runs.`;
  if (category === 'RATE_LIMIT') return ' Try again later, or give the step a retry.';
  return '';
}

function headersOf(error: unknown): Record<string, unknown> {
  const headers = error instanceof Error && 'responseHeaders' in error ? error.responseHeaders : undefined;
  return typeof headers === 'object' && headers !== null ? { ...headers } : {};
}

/** The code of what went wrong on the wire, which stands somewhere down the causes. */
function codeOf(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
  }
  return undefined;
}

function serverCode(error: unknown): string {
  const body = error instanceof Error && 'responseBody' in error ? String(error.responseBody) : '';
  return OUT_OF_MONEY.find((code) => body.includes(`"${code}"`)) ?? '';
}
