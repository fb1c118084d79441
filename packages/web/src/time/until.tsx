import { useClockText } from './clock.ts';
import { formatFull, formatUntil } from './moment.ts';

/** A moment to come told as how soon it will be; the exact time is in its title. */
export function Until({ at }: { at: string }) {
  const time = Date.parse(at);
  const text = useClockText((now) => formatUntil(time, now));
  return (
    <time dateTime={at} title={formatFull(time)} className="sb-number">
      {text}
    </time>
  );
}
