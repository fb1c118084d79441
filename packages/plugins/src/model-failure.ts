import type { FailureCategory } from '@signalbox/plugin-sdk';
import { StepFailure } from '@signalbox/plugin-sdk';

const LONGEST_QUOTE = 500;
const ADVICE: Partial<Record<FailureCategory, string>> = {
  AUTH: ' Check OPENAI_API_KEY.',
  NETWORK: ' Check OPENAI_BASE_URL and whether the server runs.',
  RATE_LIMIT: ' Try again later, or give the step a retry.',
};

/** The failure of a model call, in words for the user. */
export function modelFailure(model: string, error: unknown): StepFailure {
  if (error instanceof StepFailure) return error;
  const status = statusOf(error);
  const category = categoryOf(status);
  const reason = (error instanceof Error ? error.message : String(error)).slice(0, LONGEST_QUOTE);
  const answered = status === undefined || status < 400 ? '' : ` (status ${status})`;
  const message = `${model} did not answer${answered}: ${reason.replace(/\.$/, '')}.${ADVICE[category] ?? ''}`;
  return new StepFailure(message, { category, cause: error });
}

/** Errors of a failed request and of a stream that broke off both carry it, without a common class. */
function statusOf(error: unknown): number | undefined {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}

function categoryOf(status: number | undefined): FailureCategory {
  if (status === undefined || status < 400 || status >= 500) return 'NETWORK';
  if (status === 401 || status === 403) return 'AUTH';
  if (status === 402) return 'BUDGET';
  return status === 429 ? 'RATE_LIMIT' : 'USER_INPUT';
}
