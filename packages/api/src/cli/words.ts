/** Times and states as people read them. */
import type { Colour, Terminal } from './terminal.ts';

const COLOURS: Readonly<Record<string, Colour>> = {
  COMPLETED: 'green',
  FAILED: 'red',
  CANCELLED: 'magenta',
  RUNNING: 'blue',
  QUEUED: 'cyan',
  WAITING: 'yellow',
  PAUSED: 'yellow',
};

export function paintedStatus(terminal: Terminal, status: string): string {
  const colour = COLOURS[status];
  return colour ? terminal.paint(colour, status) : status;
}

/** Such as 340 ms, 4.2 s, 3 m 10 s or 2 h 5 m. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} m ${Math.floor((ms % 60_000) / 1_000)} s`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} m` : `${Math.floor(minutes / 1_440)} d`;
}

export function age(moment: string): string {
  return duration(Math.max(0, Date.now() - Date.parse(moment)));
}

/** The time of the day, as it is here. */
export function clock(moment: string): string {
  const time = new Date(moment);
  const [hours, minutes, seconds] = [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${hours}:${minutes}:${seconds}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}
