import { serverNow } from './clock.ts';
import { formatAgo, formatExact, formatFull } from './moment.ts';

/** A moment to the second; the zone, and how long ago it was, are in its title. */
export function Exact({ at }: { at: string | null }) {
  if (at === null) return <span className="sb-faint">–</span>;
  const time = Date.parse(at);
  return (
    <time dateTime={at} title={`${formatFull(time)}, ${formatAgo(time, serverNow())}`} className="sb-number">
      {formatExact(time)}
    </time>
  );
}
