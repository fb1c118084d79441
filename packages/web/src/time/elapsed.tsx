import { useClockText } from './clock.ts';
import { formatDuration, formatRunningDuration } from './duration.ts';

interface Timed {
  startedAt: string | null;
  completedAt: string | null;
  /** The length as the server counted it, which leaves out what the job spent waiting. */
  durationMs: number | null;
}

interface Props {
  of: Timed;
  /** Whether it grows at the moment. */
  running: boolean;
}

/** How long a job or a step took, counting up while it runs; a dash when it has not begun. */
export function Elapsed({ of: { startedAt, completedAt, durationMs }, running }: Props) {
  const text = useClockText((now) => {
    if (startedAt === null) return '–';
    if (running) return formatRunningDuration(now - Date.parse(startedAt));
    if (durationMs !== null) return formatDuration(durationMs);
    return completedAt === null ? '–' : formatDuration(Date.parse(completedAt) - Date.parse(startedAt));
  }, !running);
  return <span className="sb-number">{text}</span>;
}
