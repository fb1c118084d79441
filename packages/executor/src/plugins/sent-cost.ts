import type { CostEntry } from '@signalbox/plugin-sdk';
import type { SentCost } from './protocol.ts';

/** A cost as JSON carries it. Throws a TypeError for amounts that are none, where the plugin sees it. */
export function sentCost({ microUsd, ...rest }: CostEntry): SentCost {
  for (const name of ['inputTokens', 'outputTokens'] as const) {
    const count = rest[name];
    if (count !== undefined && (!Number.isSafeInteger(count) || count < 0))
      throw new TypeError(`cost: ${name} must be a whole number from 0, not ${count}`);
  }
  return { ...rest, ...sentAmount(microUsd) };
}

export function sentAmount(microUsd: bigint | undefined): { microUsd?: string } {
  if (microUsd === undefined) return {};
  if (typeof microUsd === 'bigint' && microUsd >= 0n) return { microUsd: String(microUsd) };
  throw new TypeError(`cost: microUsd must be a bigint from 0, not ${String(microUsd)}`);
}

export function receivedCost({ microUsd, ...rest }: SentCost): CostEntry {
  return { ...rest, ...receivedAmount(microUsd) };
}

export function receivedAmount(microUsd: string | undefined): { microUsd?: bigint } {
  return microUsd === undefined ? {} : { microUsd: BigInt(microUsd) };
}
