const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago something was, for reading at a glance: `just now`, `12 s ago`, `4 min ago`, `3 h ago`, `2 d ago`, then the day. */
export function formatAgo(at: number, now: number): string {
  const age = now - at;
  if (age < 2 * SECOND) return 'just now';
  if (age < MINUTE) return `${Math.floor(age / SECOND)} s ago`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h ago`;
  if (age < 30 * DAY) return `${Math.floor(age / DAY)} d ago`;
  return new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' }).format(at);
}

/** How soon something will be, for reading at a glance: `now`, `in 12 s`, `in 4 min`, `in 3 h`, `in 2 d`, then the day. */
export function formatUntil(at: number, now: number): string {
  const left = at - now;
  if (left < SECOND) return 'now';
  if (left < MINUTE) return `in ${Math.floor(left / SECOND)} s`;
  if (left < HOUR) return `in ${Math.floor(left / MINUTE)} min`;
  if (left < DAY) return `in ${Math.floor(left / HOUR)} h`;
  if (left < 30 * DAY) return `in ${Math.floor(left / DAY)} d`;
  return new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' }).format(at);
}

/** How long something will still take, roughly: `about 40 s`, `about 5 min`. */
export function formatRemaining(ms: number): string {
  if (ms < 5 * SECOND) return 'a few seconds';
  if (ms < MINUTE) return `about ${Math.ceil(ms / (5 * SECOND)) * 5} s`;
  if (ms < HOUR) return `about ${Math.ceil(ms / MINUTE)} min`;
  return `about ${Math.ceil(ms / HOUR)} h`;
}

const exact = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const full = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'long',
  hourCycle: 'h23',
});

/** Day and time to the second, in the reader's own zone: `21 Nov, 10:30:00`. */
export function formatExact(at: number): string {
  return exact.format(at);
}

/** Everything there is to say about a moment, zone included; for titles. */
export function formatFull(at: number): string {
  return full.format(at);
}
