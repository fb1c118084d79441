/** The numbers from 0, as many as asked for; for lists that stand in for what is still being read. */
export function rowNumbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
