import { useClockText } from './clock.ts';
import { formatAgo, formatFull } from './moment.ts';

/** A moment told as how long ago it was; the exact time is in its title. */
export function Ago({ at }: { at: string }) {
  const time = Date.parse(at);
  const text = useClockText((now) => formatAgo(time, now));
  return (
    <time dateTime={at} title={formatFull(time)} className="sb-number">
      {text}
    </time>
  );
}
