/** How long a token counts; the days from now, or another choice. */
export const EXPIRIES = [
  { value: '7', label: 'in 7 days' },
  { value: '30', label: 'in 30 days' },
  { value: '90', label: 'in 90 days' },
  { value: '365', label: 'in a year' },
  { value: 'at', label: 'at a time of choice' },
  { value: 'never', label: 'never' },
] as const;

export type Expiry = (typeof EXPIRIES)[number]['value'];

const DAY = 24 * 3_600_000;

/**
 * When a token ends: null for never, undefined where the chosen time is not told yet.
 *
 * @param at what stands in the field for a time of choice
 */
export function endOf(expiry: Expiry, at: string, now: number): number | null | undefined {
  if (expiry === 'never') return null;
  if (expiry !== 'at') return now + Number(expiry) * DAY;
  const time = Date.parse(at);
  return Number.isNaN(time) ? undefined : time;
}
