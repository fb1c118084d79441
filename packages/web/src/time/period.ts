/**
 * Stretches of time that jobs can be narrowed to. A moment in the URL is a day in the reader's zone (`2026-11-21`,
 * all of it) or a point in time with its zone (`2026-11-21T09:30Z`), so that a link means the same to everybody.
 */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How far back one looks, and into how many parts that is divided. */
export const SPANS = [
  { key: '1h', label: 'Last hour', short: '1 h', ms: HOUR, buckets: 60, each: 'minute' },
  { key: '24h', label: 'Last 24 hours', short: '24 h', ms: DAY, buckets: 96, each: '15 minutes' },
  { key: '7d', label: 'Last 7 days', short: '7 d', ms: 7 * DAY, buckets: 84, each: '2 hours' },
  { key: '30d', label: 'Last 30 days', short: '30 d', ms: 30 * DAY, buckets: 60, each: '12 hours' },
] as const;

export type SpanKey = (typeof SPANS)[number]['key'];

export function spanOf(key: string | null | undefined): SpanKey | undefined {
  return SPANS.find((span) => span.key === key)?.key;
}

const MOMENT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$/;

/** A moment as the URL has it; undefined for nonsense. */
export function readMoment(value: string | null): string | undefined {
  return value !== null && MOMENT.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined;
}

export function writeMoment(at: number): string {
  const text = new Date(at).toISOString();
  return `${text.slice(0, text.slice(17, 19) === '00' ? 16 : 19)}Z`;
}

function isDay(moment: string): boolean {
  return moment.length === 10;
}

/** When a period begins that begins with this moment. */
export function beginOf(moment: string): number {
  return Date.parse(isDay(moment) ? `${moment}T00:00:00` : moment);
}

/** When a period ends that ends with this moment: a day belongs to it as a whole. */
export function endOf(moment: string): number {
  if (!isDay(moment)) return Date.parse(moment);
  // Not so many hours later: a day on which the clocks change is shorter or longer.
  const next = new Date(`${moment}T00:00:00`);
  next.setDate(next.getDate() + 1);
  return next.getTime() - 1;
}

/** For a field of date and time in the reader's zone: `2026-11-21T10:30`. */
export function toField(at: number): string {
  const date = new Date(at);
  return new Date(at - date.getTimezoneOffset() * MINUTE).toISOString().slice(0, 16);
}

const words = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

/** For people, in their own zone: `21 Nov`, `21 Nov, 10:30`. */
export function describeMoment(moment: string): string {
  return isDay(moment) ? day.format(Date.parse(`${moment}T00:00:00`)) : words.format(Date.parse(moment));
}

/** So many parts of the same length; on round times, the last one not over yet. */
export interface Period {
  from: number;
  to: number;
  buckets: number;
  /** How long a part lasts, for people: `minute`; undefined when it is no round time. */
  each: string | undefined;
}

/** The last stretch of time, the part that it is now included. */
export function lately(span: SpanKey, now: number): Period {
  const { ms, buckets, each } = SPANS.find(({ key }) => key === span) ?? SPANS[0];
  const length = ms / buckets;
  const to = (Math.floor(now / length) + 1) * length;
  return { from: to - ms, to, buckets, each };
}
