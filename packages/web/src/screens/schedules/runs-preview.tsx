import { Skeleton } from '@mantine/core';
import { rowNumbers } from '../../app/row-numbers.ts';
import { Until } from '../../time/until.tsx';
import classes from './form.module.css';
import { browserZone } from './times.ts';
import type { Preview } from './use-preview.ts';

interface Props {
  preview: Preview;
  /** The zone that the times are meant in. */
  zone: string;
  /** The pattern in words. */
  words: string | undefined;
}

/** The next times, on the clock that they are meant on; beside it the reader's, where that is another. */
export function RunsPreview({ preview: { runs, loading }, zone, words }: Props) {
  const there = formatIn(zone);
  const here = formatIn(browserZone);
  return (
    <div className={classes.preview} aria-live="polite">
      <div className={classes.previewTitle}>Next runs</div>
      {words !== undefined && runs && <p className={classes.words}>{words}</p>}
      {runs === undefined && loading ? (
        rowNumbers(5).map((row) => <Skeleton key={row} height={10} width="85%" my={11} />)
      ) : runs === undefined ? (
        <p className="sb-mute">They appear here.</p>
      ) : runs.length === 0 ? (
        <p className="sb-mute">None: this time is over.</p>
      ) : (
        <ol className={classes.runs}>
          {runs.map((run) => (
            <li key={run}>
              <span className="sb-number">{there.format(Date.parse(run))}</span>
              <span className="sb-mute">
                <Until at={run} />
              </span>
              {zone !== browserZone && <span className={classes.here}>{here.format(Date.parse(run))} for you</span>}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function formatIn(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(undefined, {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}
