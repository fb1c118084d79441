/** An amount in millionths of a US dollar, as short as a table wants it: `$0.02`, `$0.0004`, a dash for nothing. */
export function formatCost(microUsd: string | number): string {
  const dollars = Number(microUsd) / 1_000_000;
  if (!(dollars > 0)) return '–';
  if (dollars < 0.01) return `$${dollars.toPrecision(1)}`;
  return `$${dollars.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}
