const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** Longer spans overflow the timers that wait for them (2^31 milliseconds). */
export const LONGEST_DURATION_MS = 576 * UNIT_MS.h;

/** What a person is told when a duration cannot be read. */
export const DURATION_FORM = 'a duration such as 500ms, 10s, 2m or 1h, at most 576h';

/** Milliseconds of `500ms`, `10s`, `2m` or `1h`; undefined for anything else and for more than 576h. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,10})(ms|s|m|h)$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const milliseconds = Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
  return milliseconds <= LONGEST_DURATION_MS ? milliseconds : undefined;
}

/** The shortest text that gives so many milliseconds. */
export function durationText(milliseconds: number): string {
  const units = Object.entries(UNIT_MS).toReversed();
  const [unit, size] = units.find(([, ms]) => milliseconds % ms === 0) ?? ['ms', 1];
  return `${milliseconds / size}${unit}`;
}
