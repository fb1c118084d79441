import { serverNow } from '../../time/clock.ts';
import { formatFull } from '../../time/moment.ts';
import { useCronWords } from './cron-words.ts';
import type { Schedule } from './documents.ts';
import classes from './screen.module.css';
import { browserZone, everyInWords, onceInWords } from './times.ts';

type Props = Pick<Schedule, 'kind' | 'startsAt' | 'everySeconds' | 'cron' | 'timezone'>;

/** The times of a schedule in plain words; a pattern also as it is written. */
export function When({ kind, startsAt, everySeconds, cron, timezone }: Props) {
  const words = useCronWords(cron);
  if (kind === 'ONCE' && startsAt !== null) {
    return (
      <time dateTime={startsAt} title={formatFull(Date.parse(startsAt))}>
        {onceInWords(startsAt, serverNow())}
      </time>
    );
  }
  if (kind === 'RECURRING' && everySeconds !== null) return <>{everyInWords(everySeconds)}</>;
  return (
    <span className={classes.when}>
      {/* Its line is there before the words are. */}
      <span>{words ?? ' '}</span>
      <span className={classes.pattern}>
        <span className="sb-mono">{cron}</span>
        {timezone !== browserZone && ` · ${timezone}`}
      </span>
    </span>
  );
}
