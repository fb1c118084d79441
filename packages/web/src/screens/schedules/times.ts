import type { ScheduleKind } from './documents.ts';

/** Units of a pause, the largest first. */
export const UNITS = [
  { key: 'weeks', one: 'week', seconds: 604_800 },
  { key: 'days', one: 'day', seconds: 86_400 },
  { key: 'hours', one: 'hour', seconds: 3_600 },
  { key: 'minutes', one: 'minute', seconds: 60 },
  { key: 'seconds', one: 'second', seconds: 1 },
] as const;

export type Unit = (typeof UNITS)[number]['key'];

/** The times of a schedule while somebody writes them. What another kind asks for stays, for going back to it. */
export interface Times {
  kind: ScheduleKind;
  /** Exact, also where a field shows it to the minute. Undefined: not told. */
  startsAt: string | undefined;
  /** Undefined while its field is empty. */
  amount: number | undefined;
  unit: Unit;
  cron: string;
  timezone: string;
}

/** The times as the API takes them. */
export interface TimesRequest {
  kind: ScheduleKind;
  startsAt?: string;
  everySeconds?: number;
  cron?: string;
  timezone?: string;
}

/** A pause in the largest unit that it is a whole number of. */
export function pauseOf(seconds: number): { amount: number; unit: Unit } {
  const unit = UNITS.find((each) => seconds % each.seconds === 0) ?? UNITS[UNITS.length - 1];
  return { amount: seconds / (unit?.seconds ?? 1), unit: unit?.key ?? 'seconds' };
}

export function requestOf({ kind, startsAt, amount, unit, cron, timezone }: Times): TimesRequest {
  if (kind === 'CRON') return { kind, cron: cron.trim(), timezone };
  if (kind === 'ONCE') return { kind, startsAt };
  const each = UNITS.find(({ key }) => key === unit)?.seconds ?? 1;
  return { kind, startsAt, everySeconds: amount === undefined ? undefined : Math.round(amount * each) };
}

/** What the kind asks for and is not told yet, by the names of the API. */
export function missingIn({ kind, startsAt, everySeconds, cron }: TimesRequest): Record<string, string> {
  if (kind === 'ONCE' && startsAt === undefined) return { startsAt: 'Say when it runs.' };
  if (kind === 'RECURRING' && everySeconds === undefined) return { everySeconds: 'Say how long the pause is.' };
  if (kind === 'CRON' && !cron) return { cron: 'Write a pattern, such as 30 6 * * 1-5.' };
  return {};
}

/** A pause in words: `Every hour`, `Every 90 minutes`. */
export function everyInWords(seconds: number): string {
  const { amount, unit } = pauseOf(seconds);
  return amount === 1 ? `Every ${UNITS.find(({ key }) => key === unit)?.one}` : `Every ${amount} ${unit}`;
}

/** A day and a time of day, with its year unless that is the present one: `24 Dec, 18:00`. */
export function onceInWords(startsAt: string, now: number): string {
  const at = new Date(startsAt);
  const year = at.getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric';
  const words = new Intl.DateTimeFormat(undefined, {
    day: 'numeric',
    month: 'short',
    year,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return `Once, ${words.format(at)}`;
}

export const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Every time zone, those that are probably meant first. */
export function timeZones(chosen: string): string[] {
  return [...new Set([browserZone, 'UTC', chosen, ...Intl.supportedValuesOf('timeZone')])];
}
