/**
 * What the work of a model has cost, as far as it is known. One millionth of a US dollar is 1 `microUsd`.
 *
 * @example
 * ctx.cost({ model: 'acme/large', inputTokens: 1_200, outputTokens: 340, microUsd: 5_100n, priceVersion: 'acme 2026-11' });
 */
export interface CostEntry {
  model?: string;
  inputTokens?: number;
  outputTokens?: number;
  /** Leave it out where the price is not known: the cost then counts as incomplete, and never as 0. */
  microUsd?: bigint;
  /** Which list of prices the amount comes from; stored with it. */
  priceVersion?: string;
  /** The call broke off: tokens and amount are only what is known, or estimated, of it. */
  partial?: boolean;
}

/**
 * A limit on what a step may cost, over all its attempts.
 *
 * @example
 * const limit: BudgetLimit = { microUsd: 500_000n, action: 'pause' };
 */
export interface BudgetLimit {
  microUsd?: bigint;
  tokens?: number;
  /** What happens where a call does not fit: the step fails (when absent), the job pauses, or people are warned once. */
  action?: 'fail' | 'pause' | 'warn';
}

/**
 * A call that is about to be made, at its most.
 *
 * @example
 * const request: ReservationRequest = { model: 'acme/large', microUsd: 9_000n, tokens: 4_600 };
 */
export interface ReservationRequest {
  model: string;
  /** The most that it can cost; absent when the price is not known. */
  microUsd?: bigint;
  /** The most tokens that can go in and come out. */
  tokens: number;
  /** The step's own budget; those of the job, its workflow and its tenant are known to the host. */
  limit?: BudgetLimit;
}

/**
 * Room in the budgets for one call. End it by `settle` or `release`; the host releases it when the attempt ends otherwise.
 *
 * @example
 * const reservation = await ctx.reserve?.({ model: 'acme/large', tokens: 4_600 });
 * const { inputTokens, outputTokens } = await callTheModel();
 * if (reservation) await reservation.settle({ model: 'acme/large', inputTokens, outputTokens });
 * else ctx.cost({ model: 'acme/large', inputTokens, outputTokens });
 */
export interface Reservation {
  /** Whether any budget counts this call: only then its size has to be held to what was reserved. */
  limited: boolean;
  /** Records what the call really cost, as `ctx.cost` does, and gives back the rest. */
  settle(cost: CostEntry): Promise<void>;
  /** The call was not made. */
  release(): Promise<void>;
}

/**
 * What a step does inside itself that people want to see on its own: a turn of a model, or the call of a tool.
 *
 * @example
 * const turn = ctx.activity?.({ kind: 'MODEL_TURN', name: 'acme/large', input: { messages } });
 * const call = ctx.activity?.({ kind: 'TOOL_CALL', name: 'http.request', input: { url }, parent: turn });
 */
export interface ActivityStart {
  kind: 'MODEL_TURN' | 'TOOL_CALL';
  /** The model or the tool. */
  name: string;
  /** Anything that JSON can carry; secrets are masked, and what is very long is cut. */
  input?: unknown;
  /** The activity that this one is part of. */
  parent?: Activity;
}

/**
 * An activity that goes on.
 *
 * @example
 * turn?.end({ status: 'COMPLETED', output: { text }, cost: { inputTokens: 20, outputTokens: 5 } });
 */
export interface Activity {
  readonly id: string;
  /** Once; the host ends as CANCELLED what is still open when the attempt ends. */
  end(end: ActivityEnd): void;
}

/**
 * How an activity ended. Its cost is only shown with it: `ctx.cost` or a reservation is what counts.
 *
 * @example
 * const end: ActivityEnd = { status: 'FAILED', error: 'The server answered 404.' };
 */
export interface ActivityEnd {
  status: 'COMPLETED' | 'FAILED' | 'CANCELLED';
  output?: unknown;
  /** What went wrong, in words for people. */
  error?: string;
  cost?: CostEntry;
}
