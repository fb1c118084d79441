import { type Period, SPANS, type SpanKey } from '../../time/period.ts';
import type { Figures } from './documents.ts';

const DAY = 86_400_000;

/** Fewer and longer parts than above the list: a trend wants jobs enough in each of them. */
const PARTS: Record<SpanKey, { buckets: number; each: string }> = {
  '1h': { buckets: 30, each: '2 minutes' },
  '24h': { buckets: 48, each: '30 minutes' },
  '7d': { buckets: 28, each: '6 hours' },
  '30d': { buckets: 30, each: 'day' },
};

/** The last stretch of time, on round times; where the parts are days, on the reader's own. */
export function trendPeriod(span: SpanKey, now: number): Period {
  const ms = SPANS.find(({ key }) => key === span)?.ms ?? DAY;
  const { buckets, each } = PARTS[span];
  const length = ms / buckets;
  if (length < DAY) {
    const to = (Math.floor(now / length) + 1) * length;
    return { from: to - ms, to, buckets, each };
  }
  const midnight = (days: number) =>
    new Date(new Date(now).setHours(0, 0, 0, 0)).setDate(new Date(now).getDate() + days);
  return { from: midnight(1 - buckets), to: midnight(1), buckets, each };
}

/** How many became final. */
export function endedOf({ completed, failed, cancelled }: Figures): number {
  return completed + failed + cancelled;
}

/** `98.4%`; a dash when nothing completed or failed. */
export function formatRate(rate: number | null): string {
  if (rate === null) return '–';
  const percent = rate * 100;
  // 99.96 must not be told as all.
  const shown = rate < 1 && percent > 99.9 ? 99.9 : percent;
  return `${shown.toFixed(shown === 100 || shown === 0 ? 0 : 1)}%`;
}

/** `12`, `3.4`, `0.25`: as many places as tell something. */
export function formatRatio(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return Number(value.toPrecision(2)).toLocaleString('en', { maximumFractionDigits: 2 });
}

/** What a day costs at the rate of a period, in millionths of a dollar. */
export function perDay(microUsd: string | number, { from, to }: Pick<Period, 'from' | 'to'>): number {
  return (Number(microUsd) * DAY) / (to - from);
}

/** The next round number for the top of an axis: 1, 2 or 5 times a power of ten. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= value * 0.999) ?? 10;
  return step * power;
}
