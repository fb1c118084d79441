const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * A length of time in two units at most: `35ms`, `2.1s`, `45s`, `2m 10s`, `1h 5m`, `2d 3h`.
 * Negative lengths, which clocks that disagree can make, count as none.
 */
export function formatDuration(ms: number): string {
  const length = Math.max(0, ms);
  if (length < 100) return `${Math.round(length)}ms`;
  if (length < 9_950) return `${(length / SECOND).toFixed(1)}s`;
  return formatWhole(Math.round(length / SECOND) * SECOND);
}

/** The same for a length that still grows: whole seconds only, so that the figures change once a second. */
export function formatRunningDuration(ms: number): string {
  return formatWhole(Math.floor(Math.max(0, ms) / SECOND) * SECOND);
}

function formatWhole(ms: number): string {
  if (ms < MINUTE) return `${ms / SECOND}s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)}m ${Math.floor((ms % MINUTE) / SECOND)}s`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)}h ${Math.floor((ms % HOUR) / MINUTE)}m`;
  return `${Math.floor(ms / DAY)}d ${Math.floor((ms % DAY) / HOUR)}h`;
}

/** Where in a job something happened: `00:58.2`, from an hour on `1:02:03`. */
export function formatOffset(ms: number): string {
  const length = Math.max(0, ms);
  const minutes = Math.floor((length % HOUR) / MINUTE);
  const seconds = (length % MINUTE) / SECOND;
  if (length < HOUR) {
    const tenths = Math.floor(seconds * 10) / 10;
    return `${pad(minutes)}:${tenths.toFixed(1).padStart(4, '0')}`;
  }
  return `${Math.floor(length / HOUR)}:${pad(minutes)}:${pad(Math.floor(seconds))}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
