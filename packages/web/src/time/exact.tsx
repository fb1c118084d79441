import { formatExact, formatFull } from './moment.ts';

/** A moment to the second; the zone is in its title. */
export function Exact({ at }: { at: string | null }) {
  if (at === null) return <span className="sb-faint">–</span>;
  const time = Date.parse(at);
  return (
    <time dateTime={at} title={formatFull(time)} className="sb-number">
      {formatExact(time)}
    </time>
  );
}
