/** An amount in millionths of a US dollar, as short as a table wants it: `$0.02`, `$0.0004`, a dash for nothing. */
export function formatCost(microUsd: string | number): string {
  const dollars = Number(microUsd) / 1_000_000;
  if (!(dollars > 0)) return '–';
  if (dollars < 0.01) return `$${dollars.toPrecision(1)}`;
  return `$${dollars.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** An amount to its last millionth: `$0.001498`, `$1.50`. */
export function formatExactCost(microUsd: string | number): string {
  return `$${(Number(microUsd) / 1_000_000).toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 6 })}`;
}

interface PartlyKnown {
  microUsd: string | number;
  /** False when the price of a model is not known, or a call broke off. */
  complete: boolean;
}

/** An amount of which some may not be known: then `≥ $0.02`, and `unknown` where nothing is. */
export function formatKnownCost({ complete, microUsd }: PartlyKnown): string {
  if (complete) return formatCost(microUsd);
  return Number(microUsd) > 0 ? `≥ ${formatCost(microUsd)}` : 'unknown';
}

/** Why an amount is not all; undefined when it is. */
export function missingCost({ complete, unpricedModels }: { complete: boolean; unpricedModels: readonly string[] }) {
  if (complete) return undefined;
  if (unpricedModels.length > 0) return `The price of ${unpricedModels.join(', ')} is not known.`;
  return 'A call broke off before its server told what it used: its part is an estimate.';
}
