const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Distances between marks that people can count in. */
const DISTANCES = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100].map((count) => count * DAY),
];

export interface Tick {
  at: number;
  text: string;
}

/**
 * Marks on a time axis, told as the time since a moment.
 *
 * @param most how many marks there is room for
 */
export function ticksOf({ from, to }: { from: number; to: number }, since: number, most: number): Tick[] {
  const least = (to - from) / Math.max(1, most);
  const distance = DISTANCES.find((candidate) => candidate >= least) ?? DAY * 200;
  const ticks: Tick[] = [];
  for (let offset = Math.ceil((from - since) / distance) * distance; since + offset <= to; offset += distance) {
    ticks.push({ at: since + offset, text: formatTick(offset) });
  }
  return ticks;
}

function formatTick(offset: number): string {
  const sign = offset < 0 ? '−' : '';
  const length = Math.abs(offset);
  if (length === 0) return '0 s';
  if (length < SECOND) return `${sign}${length} ms`;
  if (length < MINUTE) return `${sign}${length / SECOND} s`;
  const parts = [
    [Math.floor(length / DAY), 'd'],
    [Math.floor((length % DAY) / HOUR), 'h'],
    [Math.floor((length % HOUR) / MINUTE), 'm'],
    [(length % MINUTE) / SECOND, 's'],
  ].filter(([count]) => count !== 0);
  return sign + parts.map(([count, unit]) => `${count}${unit}`).join(' ');
}
