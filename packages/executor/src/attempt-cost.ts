import type { ProgramUsage } from '@signalbox/db/executions';
import { UsageMeter } from './usage-meter.ts';

type CostEntry = { inputTokens?: number; outputTokens?: number; microUsd?: bigint };

/** What one attempt has cost so far, in exact numbers, and what its programs have used. */
export class AttemptCost {
  readonly meter: UsageMeter;
  #microUsd = 0n;
  #inputTokens = 0n;
  #outputTokens = 0n;

  /** @param meter of its programs, if it can have any */
  constructor(meter = new UsageMeter()) {
    this.meter = meter;
  }

  /** Throws a TypeError for amounts that are none. */
  add({ inputTokens = 0, outputTokens = 0, microUsd = 0n }: CostEntry): void {
    if (typeof microUsd !== 'bigint' || microUsd < 0n)
      throw new TypeError(`cost: microUsd must be a bigint from 0, not ${String(microUsd)}`);
    this.#inputTokens += tokens('inputTokens', inputTokens);
    this.#outputTokens += tokens('outputTokens', outputTokens);
    this.#microUsd += microUsd;
  }

  /** As texts, since JSON has no exact large numbers. */
  totals(): { microUsd: string; inputTokens: string; outputTokens: string; usage: ProgramUsage | undefined } {
    return {
      microUsd: String(this.#microUsd),
      inputTokens: String(this.#inputTokens),
      outputTokens: String(this.#outputTokens),
      usage: this.meter.usage,
    };
  }
}

function tokens(name: string, count: number): bigint {
  if (!Number.isSafeInteger(count) || count < 0)
    throw new TypeError(`cost: ${name} must be a whole number from 0, not ${count}`);
  return BigInt(count);
}
