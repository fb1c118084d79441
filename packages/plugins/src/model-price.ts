import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { calcPrice } from '@pydantic/genai-prices';
import { splitModel } from './model-name.ts';

/** What a call used, or may use at most. */
export interface PricedUsage {
  inputTokens: number;
  outputTokens: number;
  /** Of the input tokens, those that the server had kept from earlier, or kept for later. */
  cacheReadTokens?: number;
  cacheWriteTokens?: number;
}

const PACKAGE = '@pydantic/genai-prices';

/** The list that prices come from, with its version: stored with every amount. It comes with the package and needs no network. */
export const PRICE_VERSION = `${PACKAGE} ${packageVersion()}`;

/** What answers without a network costs nothing, by no list. */
export function isFree(model: string): boolean {
  return splitModel(model).provider === 'offline';
}

/** Whole millionths of a US dollar, at the prices of that moment; undefined when the price of the model is not known. */
export function priceOf(model: string, usage: PricedUsage, at: Date): bigint | undefined {
  if (isFree(model)) return 0n;
  const { name, provider } = splitModel(model);
  const price = calcPrice(
    {
      input_tokens: usage.inputTokens,
      output_tokens: usage.outputTokens,
      ...(usage.cacheReadTokens ? { cache_read_tokens: usage.cacheReadTokens } : {}),
      ...(usage.cacheWriteTokens ? { cache_write_tokens: usage.cacheWriteTokens } : {}),
    },
    name,
    { providerId: provider, timestamp: at },
  );
  return price === null ? undefined : microUsd(price.total_price);
}

/** Prices come as fractions of a dollar; each call is rounded up to a whole millionth once, and from there on all sums are exact. */
function microUsd(dollars: number): bigint {
  // What binary fractions add in the last place is no cost.
  return BigInt(Math.ceil(Number((dollars * 1_000_000).toFixed(6))));
}

function packageVersion(): string {
  const manifest = findPackageJSON(PACKAGE, import.meta.url);
  const { version }: { version?: unknown } = manifest === undefined ? {} : JSON.parse(readFileSync(manifest, 'utf8'));
  return typeof version === 'string' ? version : 'unknown';
}
