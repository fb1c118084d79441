/** What models have cost, of a step, a job or many. */
export interface Cost {
  /** Millionths of a US dollar. */
  microUsd: bigint;
  inputTokens: bigint;
  outputTokens: bigint;
  /** Models of calls that are not in `microUsd`, since their price is not known. */
  unpricedModels: string[];
  /** Some call broke off, so that not all of its tokens are known. */
  costPartial: boolean;
}
