import { UnstyledButton } from '@mantine/core';
import { memo, useState } from 'react';
import { formatOffset } from '../time/duration.ts';
import { formatFull } from '../time/moment.ts';
import { AnsiText } from './ansi-text.tsx';
import type { LogDisplay } from './display.ts';
import { LEVEL_WORDS, type LogLine } from './line.ts';
import classes from './log-view.module.css';

/** As much of a line is drawn until the rest is asked for. */
const SHOWN = 4_000;

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 1,
  hourCycle: 'h23',
});

interface Props {
  line: LogLine;
  /** The moment that times count from. */
  from: number;
  display: LogDisplay;
  search: string;
  showStep: boolean;
}

/** One line of a log. */
export const LogRow = memo(function LogRow({ line, from, display, search, showStep }: Props) {
  const [whole, setWhole] = useState(false);
  const at = Date.parse(line.at);
  const cut = !whole && line.message.length > SHOWN;
  return (
    <div
      className={classes.line}
      data-level={line.level}
      data-stream={line.stream}
      data-wrap={display.wrap || undefined}
    >
      {display.numbers && <span className={classes.number}>{line.seq}</span>}
      {display.time !== 'none' && (
        <time className={classes.time} dateTime={line.at} title={formatFull(at)}>
          {display.time === 'clock' ? clock.format(at) : formatOffset(at - from)}
        </time>
      )}
      <span className={classes.dot} title={LEVEL_WORDS[line.level]}>
        <span className="sb-hidden">{LEVEL_WORDS[line.level]}</span>
      </span>
      {showStep && <span className={classes.step}>{line.stepKey ?? 'job'}</span>}
      <span className={classes.text}>
        <AnsiText text={cut ? line.message.slice(0, SHOWN) : line.message} search={search} />
        {cut && (
          <UnstyledButton className={classes.whole} onClick={() => setWhole(true)}>
            … show all {line.message.length.toLocaleString('en')} characters
          </UnstyledButton>
        )}
      </span>
    </div>
  );
});
