/**
 * What kind of failure it was. Retry policies name these (`retry: { attempts: 3, on: [RATE_LIMIT, NETWORK] }`).
 *
 * - USER_INPUT: the step was given something that it cannot work with.
 * - CONFIGURATION: a setting, a secret or a program is missing on the worker.
 * - TIMEOUT: something outside took too long.
 * - RATE_LIMIT, AUTH, NETWORK: a service said "slow down", refused who we are, or could not be reached or failed.
 * - PROCESS: a program ended with an error.
 * - BUDGET: a limit on money, tokens or turns was reached.
 * - PLUGIN: a fault in the step type itself; also anything thrown that is not a StepFailure.
 *
 * @example
 * const category: FailureCategory = response.status === 429 ? 'RATE_LIMIT' : 'NETWORK';
 */
export type FailureCategory =
  | 'USER_INPUT'
  | 'CONFIGURATION'
  | 'TIMEOUT'
  | 'RATE_LIMIT'
  | 'AUTH'
  | 'NETWORK'
  | 'PROCESS'
  | 'BUDGET'
  | 'PLUGIN';

/**
 * What a StepFailure may carry besides its message.
 *
 * @example
 * const options: StepFailureOptions = { category: 'NETWORK', retryable: true, cause: error };
 */
export interface StepFailureOptions {
  /** PLUGIN when absent. */
  category?: FailureCategory;
  /** Overrules the category: false means that trying again cannot help, true that it may. */
  retryable?: boolean;
  /** A retry must not come sooner than after so many milliseconds: what a service that is asked too often says itself. */
  retryAfterMs?: number;
  /** The error underneath; for the service log, never shown to users. */
  cause?: unknown;
}

/**
 * Throw it from `run` to fail the step in words that a user can act on: what happened, and what to do about it.
 *
 * @example
 * if (response.status === 401) {
 *   throw new StepFailure('The forecast service refused the key. Set SIGNALBOX_SECRET_FORECAST.', { category: 'AUTH' });
 * }
 */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  readonly category: FailureCategory;
  readonly retryable: boolean | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: StepFailureOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.category = options.category ?? 'PLUGIN';
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs;
  }
}
