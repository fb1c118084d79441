import type { NewCostEntry } from '@signalbox/db/costs';
import type { ProgramUsage } from '@signalbox/db/held-job';
import { newId } from '@signalbox/db/ids';
import type { CostEntry } from '@signalbox/plugin-sdk';
import { UsageMeter } from './usage-meter.ts';

/** What one attempt has cost, in exact numbers, as far as it does not stand in the database yet, and what its programs used. */
export class AttemptCost {
  readonly meter: UsageMeter;
  #entries: NewCostEntry[] = [];

  /** @param meter of its programs, if it can have any */
  constructor(meter = new UsageMeter()) {
    this.meter = meter;
  }

  /** Throws a TypeError for amounts that are none. */
  add(entry: CostEntry, reservationId: string | null = null): void {
    const { inputTokens, microUsd, model, outputTokens, partial, priceVersion } = entry;
    if (microUsd !== undefined && (typeof microUsd !== 'bigint' || microUsd < 0n))
      throw new TypeError(`cost: microUsd must be a bigint from 0, not ${String(microUsd)}`);
    const tokens = {
      inputTokens: count('inputTokens', inputTokens),
      outputTokens: count('outputTokens', outputTokens),
    };
    // What costs nothing for certain needs no row.
    if (microUsd === 0n && !inputTokens && !outputTokens && !partial && reservationId === null) return;
    this.#entries.push({
      id: newId(),
      model: model ?? null,
      microUsd: microUsd === undefined ? null : String(microUsd),
      ...tokens,
      priceVersion: priceVersion ?? null,
      partial: partial ?? false,
      reservationId,
    });
  }

  /** The entries that wait, which are the caller's to store now. */
  take(): NewCostEntry[] {
    const entries = this.#entries;
    this.#entries = [];
    return entries;
  }

  /** Of what nobody has taken. As texts, since JSON has no exact large numbers. */
  totals(): { microUsd: string; inputTokens: string; outputTokens: string; usage: ProgramUsage | undefined } {
    return {
      microUsd: sum(this.#entries.map(({ microUsd }) => microUsd)),
      inputTokens: sum(this.#entries.map(({ inputTokens }) => inputTokens)),
      outputTokens: sum(this.#entries.map(({ outputTokens }) => outputTokens)),
      usage: this.meter.usage,
    };
  }
}

function count(name: string, tokens: number | undefined): string | null {
  if (tokens === undefined) return null;
  if (!Number.isSafeInteger(tokens) || tokens < 0)
    throw new TypeError(`cost: ${name} must be a whole number from 0, not ${tokens}`);
  return String(tokens);
}

function sum(amounts: readonly (string | null)[]): string {
  return String(amounts.reduce((total, amount) => total + BigInt(amount ?? 0), 0n));
}
